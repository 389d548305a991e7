package main

import (
	"fmt"
	"slices"
	"strings"
)

const (
	ingress = "Ingress"
	egress  = "Egress"
	chain   = "RUNG-POLICIES"
)

// ruleset returns what the policies mean for the pods on a node: the chains, and their rules, as iptables-restore
// reads them. A packet passes every chain of a pod that it comes from or goes to, and is dropped at the end of one
// that no rule lets it leave before. An answer to a packet that passed passes too, and so does a pod's word to itself.
func ruleset(world World, self string) (chains, rules []string) {
	rules = append(rules, fmt.Sprintf("-A %s -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN", chain))
	for _, pod := range world.Pods {
		if pod.Spec.NodeName != self || !pod.address().IsValid() {
			continue
		}
		for _, direction := range []string{egress, ingress} {
			if policies := world.selecting(pod, direction); len(policies) > 0 {
				name := fmt.Sprintf("RUNG-%s-%s", direction[:1], pod.address())
				chains = append(chains, name)
				rules = append(rules, world.limiting(pod, direction, policies, name)...)
			}
		}
	}
	return chains, rules
}

func (w World) selecting(pod Pod, direction string) []Policy {
	var found []Policy
	for _, policy := range w.Policies {
		same := policy.Metadata.Namespace == pod.Metadata.Namespace
		if same && policy.limits(direction) && policy.Spec.PodSelector.selects(pod.Metadata.Labels) {
			found = append(found, policy)
		}
	}
	return found
}

// limiting returns the rules for a pod's packets of one direction.
func (w World) limiting(pod Pod, direction string, policies []Policy, name string) []string {
	own, other := "-s", "-d"
	if direction == ingress {
		own, other = other, own
	}
	rules := []string{
		fmt.Sprintf("-A %s %s %s/32 -j %s", chain, own, pod.address(), name),
		fmt.Sprintf("-A %s %s %s/32 -j RETURN", name, other, pod.address()),
	}
	for _, policy := range policies {
		for _, match := range w.admitted(pod, direction, policy) {
			match = strings.ReplaceAll(match, "PEER", other)
			if rule := fmt.Sprintf("-A %s%s -j RETURN", name, match); !slices.Contains(rules, rule) {
				rules = append(rules, rule)
			}
		}
	}
	return append(rules, fmt.Sprintf("-A %s -j DROP", name))
}

// admitted returns what a policy lets through; PEER stands for -s or -d.
func (w World) admitted(pod Pod, direction string, policy Policy) []string {
	rules := policy.Spec.Ingress
	if direction == egress {
		rules = policy.Spec.Egress
	}
	var found []string
	for _, rule := range rules {
		peers := rule.From
		if direction == egress {
			peers = rule.To
		}
		reached := func(other *Pod) *Pod { // whose ports are meant
			if direction == ingress {
				return &pod
			}
			return other
		}
		if len(peers) == 0 {
			found = append(found, w.anybody(rule, direction, reached)...)
		}
		for _, peer := range peers {
			if peer.IPBlock != nil {
				for _, network := range peer.networks() {
					for _, port := range rule.ports(reached(nil)) {
						found = append(found, fmt.Sprintf(" PEER %s%s", network, port))
					}
				}
				continue
			}
			for _, other := range w.peers(peer, policy.Metadata.Namespace) {
				for _, port := range rule.ports(reached(&other)) {
					found = append(found, fmt.Sprintf(" PEER %s/32%s", other.address(), port))
				}
			}
		}
	}
	return found
}

// anybody returns the ports of a rule that names no peers; a port's name means another number at each pod.
func (w World) anybody(rule Rule, direction string, reached func(*Pod) *Pod) []string {
	found := rule.ports(reached(nil))
	if direction == ingress {
		return found
	}
	for _, other := range w.Pods {
		if !other.address().IsValid() {
			continue
		}
		for _, port := range rule.ports(&other) {
			if port != "" && !slices.Contains(found, port) {
				found = append(found, fmt.Sprintf(" PEER %s/32%s", other.address(), port))
			}
		}
	}
	return found
}
