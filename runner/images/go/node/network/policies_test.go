package main

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"strings"
	"testing"
)

const pods = `[
 {"metadata": {"name": "till", "namespace": "shop", "labels": {"app": "till"}}, "spec": {"nodeName": "node01", "containers":
  [{"ports": [{"name": "http", "containerPort": 8080}, {"name": "dns", "containerPort": 53, "protocol": "UDP"}]}]},
  "status": {"phase": "Running", "podIP": "10.244.1.2"}},
 {"metadata": {"name": "counter", "namespace": "front", "labels": {"app": "counter"}}, "spec": {"nodeName": "node02"},
  "status": {"phase": "Running", "podIP": "10.244.2.2"}},
 {"metadata": {"name": "clerk", "namespace": "shop", "labels": {"app": "clerk"}}, "spec": {"nodeName": "node02"},
  "status": {"phase": "Running", "podIP": "10.244.2.3"}},
 {"metadata": {"name": "done", "namespace": "shop"}, "spec": {"nodeName": "node01"},
  "status": {"phase": "Succeeded", "podIP": "10.244.1.9"}},
 {"metadata": {"name": "agent", "namespace": "shop", "labels": {"app": "clerk"}}, "spec": {"nodeName": "node01",
  "hostNetwork": true}, "status": {"phase": "Running", "podIP": "172.18.0.3"}}]`

// rulesOf returns the chain of `till` for one direction, without its name, under a policy of that spec.
func rulesOf(t *testing.T, direction, spec string) []string {
	t.Helper()
	world := World{Namespaces: []Namespace{
		{meta{Name: "shop"}}, {meta{Name: "front", Labels: map[string]string{"team": "sales"}}},
	}}
	policy := `[{"metadata": {"name": "p", "namespace": "shop"}, "spec": ` + spec + `}]`
	if err := json.Unmarshal([]byte(pods), &world.Pods); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(policy), &world.Policies); err != nil {
		t.Fatal(err)
	}
	_, rules := ruleset(world, "node01")
	var found []string
	for _, rule := range rules {
		if text, ok := strings.CutPrefix(rule, "-A RUNG-"+direction+"-10.244.1.2 "); ok {
			found = append(found, text)
		}
	}
	return found
}

func TestWhatAPolicyMeansForThePodsOfANode(t *testing.T) {
	const self, end = "-s 10.244.1.2/32 -j RETURN", "-j DROP"
	for name, each := range map[string]struct {
		direction, spec string
		want            []string
	}{
		"not selected":         {"I", `{"podSelector": {"matchLabels": {"app": "other"}}}`, nil},
		"deny":                 {"I", `{"podSelector": {}}`, []string{self, end}},
		"no egress by default": {"E", `{"podSelector": {}}`, nil},
		"all may":              {"I", `{"podSelector": {}, "ingress": [{}]}`, []string{self, "-j RETURN", end}},
		"both selectors of one peer": {"I", `{"podSelector": {"matchLabels": {"app": "till"}}, "ingress": [{"from":
			[{"podSelector": {"matchLabels": {"app": "counter"}}, "namespaceSelector": {"matchLabels": {"team": "sales"}}}],
			"ports": [{"port": "http"}]}]}`,
			[]string{self, "-s 10.244.2.2/32 -p tcp -m tcp --dport 8080 -j RETURN", end}},
		"its own namespace": {"I", `{"podSelector": {}, "ingress": [{"from": [{"podSelector": {"matchExpressions":
			[{"key": "app", "operator": "In", "values": ["clerk", "counter"]}]}}]}]}`,
			[]string{self, "-s 10.244.2.3/32 -j RETURN", end}},
		"a range of ports": {"I", `{"podSelector": {}, "ingress": [{"ports": [{"port": 80, "endPort": 90}, {"protocol": "UDP"}]}]}`,
			[]string{self, "-p tcp -m tcp --dport 80:90 -j RETURN", "-p udp -m udp -j RETURN", end}},
		"a name that the pod has not": {"I", `{"podSelector": {}, "ingress": [{"ports": [{"port": "web"}]}]}`, []string{self, end}},
		"a block without a part": {"E", `{"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"ipBlock":
			{"cidr": "10.0.0.0/30", "except": ["10.0.0.2/32"]}}], "ports": [{"port": 53, "protocol": "UDP"}]}]}`,
			[]string{"-d 10.244.1.2/32 -j RETURN", "-d 10.0.0.0/31 -p udp -m udp --dport 53 -j RETURN",
				"-d 10.0.0.3/32 -p udp -m udp --dport 53 -j RETURN", end}},
		"names of ports to anybody": {"E", `{"podSelector": {}, "egress": [{"ports": [{"port": "dns", "protocol": "UDP"}]}]}`,
			[]string{"-d 10.244.1.2/32 -j RETURN", "-d 10.244.1.2/32 -p udp -m udp --dport 53 -j RETURN", end}},
	} {
		if got := rulesOf(t, each.direction, each.spec); !reflect.DeepEqual(got, each.want) {
			t.Errorf("%s: expected %q, found %q", name, each.want, got)
		}
	}
}

func TestPodsOfOtherNodesAndOfTheHostsNetworkAreLeftAlone(t *testing.T) {
	var world World
	if err := json.Unmarshal([]byte(pods), &world.Pods); err != nil {
		t.Fatal(err)
	}
	deny := Policy{Metadata: meta{Namespace: "shop"}}
	world.Policies = []Policy{deny}
	chains, rules := ruleset(world, "node01")
	if want := []string{"RUNG-I-10.244.1.2"}; !reflect.DeepEqual(chains, want) {
		t.Errorf("expected %q, found %q", want, chains)
	}
	want := []string{
		"-A RUNG-POLICIES -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN",
		"-A RUNG-POLICIES -d 10.244.1.2/32 -j RUNG-I-10.244.1.2",
		"-A RUNG-I-10.244.1.2 -s 10.244.1.2/32 -j RETURN",
		"-A RUNG-I-10.244.1.2 -j DROP",
	}
	if !reflect.DeepEqual(rules, want) {
		t.Errorf("expected %q, found %q", want, rules)
	}
}

func TestWhatRemainsOfANetwork(t *testing.T) {
	prefix := netip.MustParsePrefix
	got := less(prefix("10.0.0.0/8"), []netip.Prefix{prefix("10.128.0.0/9"), prefix("10.0.0.0/10"), prefix("192.0.2.0/24")})
	if want := []netip.Prefix{prefix("10.64.0.0/10")}; !reflect.DeepEqual(got, want) {
		t.Errorf("expected %v, found %v", want, got)
	}
	if got := less(prefix("10.0.0.0/24"), []netip.Prefix{prefix("10.0.0.0/8")}); got != nil {
		t.Errorf("expected nothing, found %v", got)
	}
}
