package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// What the API says of policies, namespaces and pods: no more than is needed to let packets through or not.
type (
	meta struct {
		Name, Namespace string
		Labels          map[string]string
	}
	Namespace struct{ Metadata meta }
	Policy    struct {
		Metadata meta
		Spec     struct {
			PodSelector     Selector
			PolicyTypes     []string
			Ingress, Egress []Rule
		}
	}
	Rule struct {
		From, To []Peer
		Ports    []Port
	}
	Peer struct {
		PodSelector, NamespaceSelector *Selector
		IPBlock                        *struct {
			CIDR   string
			Except []string
		}
	}
	Port struct {
		Protocol string
		Port     json.RawMessage // absent, a number, or a name in quotes
		EndPort  int
	}
	Selector struct {
		MatchLabels      map[string]string
		MatchExpressions []struct {
			Key, Operator string
			Values        []string
		}
	}
	Pod struct {
		Metadata meta
		Spec     struct {
			NodeName    string
			HostNetwork bool
			Containers  []struct {
				Ports []struct {
					Name, Protocol string
					ContainerPort  int
				}
			}
		}
		Status struct{ Phase, PodIP string }
	}
)

// World is what policies are judged by.
type World struct {
	Policies   []Policy
	Namespaces []Namespace
	Pods       []Pod
}

func (s Selector) selects(labels map[string]string) bool {
	for key, value := range s.MatchLabels {
		if found, ok := labels[key]; !ok || found != value {
			return false
		}
	}
	for _, each := range s.MatchExpressions {
		value, ok := labels[each.Key]
		switch each.Operator {
		case "In":
			ok = ok && slices.Contains(each.Values, value)
		case "NotIn":
			ok = !ok || !slices.Contains(each.Values, value)
		case "DoesNotExist":
			ok = !ok
		}
		if !ok {
			return false
		}
	}
	return true
}

// limits says whether a policy is about packets of that direction.
func (p Policy) limits(direction string) bool {
	if len(p.Spec.PolicyTypes) > 0 {
		return slices.Contains(p.Spec.PolicyTypes, direction)
	}
	return direction == ingress || len(p.Spec.Egress) > 0
}

// address is the pod's own; invalid where it has none, or its node's.
func (p Pod) address() netip.Addr {
	if p.Spec.HostNetwork || p.Status.Phase == "Succeeded" || p.Status.Phase == "Failed" {
		return netip.Addr{}
	}
	found, err := netip.ParseAddr(p.Status.PodIP)
	if err != nil || !found.Is4() {
		return netip.Addr{}
	}
	return found
}

// number is the port that a name means at this pod; 0 where it declares none.
func (p Pod) number(name, protocol string) int {
	for _, container := range p.Spec.Containers {
		for _, port := range container.Ports {
			if port.Name == name && (port.Protocol == protocol || port.Protocol == "" && protocol == "TCP") {
				return port.ContainerPort
			}
		}
	}
	return 0
}

// peers returns the pods that a peer of a policy in `namespace` means.
func (w World) peers(peer Peer, namespace string) []Pod {
	var found []Pod
	for _, pod := range w.Pods {
		if !pod.address().IsValid() {
			continue
		}
		if peer.NamespaceSelector == nil && pod.Metadata.Namespace != namespace {
			continue
		}
		if peer.NamespaceSelector != nil && !peer.NamespaceSelector.selects(w.labels(pod.Metadata.Namespace)) {
			continue
		}
		if peer.PodSelector == nil || peer.PodSelector.selects(pod.Metadata.Labels) {
			found = append(found, pod)
		}
	}
	return found
}

func (w World) labels(namespace string) map[string]string {
	for _, each := range w.Namespaces {
		if each.Metadata.Name == namespace {
			return each.Metadata.Labels
		}
	}
	return nil
}

// less returns the networks that remain of one when others are taken out of it.
func less(network netip.Prefix, out []netip.Prefix) []netip.Prefix {
	for _, taken := range out {
		if !taken.Overlaps(network) {
			continue
		}
		if taken.Bits() <= network.Bits() {
			return nil
		}
		low := netip.PrefixFrom(network.Addr(), network.Bits()+1)
		bytes := network.Addr().As4()
		bytes[network.Bits()/8] |= 0x80 >> (network.Bits() % 8)
		high := netip.PrefixFrom(netip.AddrFrom4(bytes), network.Bits()+1)
		return append(less(low, out), less(high, out)...)
	}
	return []netip.Prefix{network}
}

func (p Peer) networks() []netip.Prefix {
	network, err := netip.ParsePrefix(p.IPBlock.CIDR)
	if err != nil || !network.Addr().Is4() {
		return nil
	}
	var out []netip.Prefix
	for _, text := range p.IPBlock.Except {
		if taken, err := netip.ParsePrefix(text); err == nil {
			out = append(out, taken.Masked())
		}
	}
	return less(network.Masked(), out)
}

// ports returns how iptables names a rule's ports: one empty entry for every port. `to` is who is reached; nil for
// an address, which has no names. SCTP is let through by no rule: it needs a module that not every kernel has.
func (r Rule) ports(to *Pod) []string {
	if len(r.Ports) == 0 {
		return []string{""}
	}
	var found []string
	for _, each := range r.Ports {
		protocol := each.Protocol
		if protocol == "" {
			protocol = "TCP"
		}
		if protocol == "SCTP" {
			continue
		}
		lower := strings.ToLower(protocol)
		match := fmt.Sprintf(" -p %s -m %s", lower, lower)
		number, name := 0, ""
		switch {
		case len(each.Port) == 0 || string(each.Port) == "null":
			found = append(found, match)
			continue
		case json.Unmarshal(each.Port, &number) == nil:
		case json.Unmarshal(each.Port, &name) == nil && to != nil:
			number = to.number(name, protocol)
		}
		if number == 0 {
			continue
		}
		if each.EndPort > number {
			match += fmt.Sprintf(" --dport %d:%d", number, each.EndPort)
		} else {
			match += fmt.Sprintf(" --dport %d", number)
		}
		found = append(found, match)
	}
	return found
}
