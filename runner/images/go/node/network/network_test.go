package main

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

const answered = `{"metadata": {"resourceVersion": "7"}, "items": [
  {"metadata": {"name": "node01"}, "spec": {"podCIDRs": ["fd00::/64", "10.244.1.0/24"]},
   "status": {"addresses": [{"type": "Hostname", "address": "node01"}, {"type": "InternalIP", "address": "172.18.0.3"}]}},
  {"metadata": {"name": "node02"}, "spec": {}, "status": {}}]}`

func nodes(t *testing.T) []Node {
	t.Helper()
	var found list[item]
	if err := json.Unmarshal([]byte(answered), &found); err != nil {
		t.Fatal(err)
	}
	return []Node{found.Items[0].node(), found.Items[1].node()}
}

func TestANodeIsReadFromItsObject(t *testing.T) {
	want := Node{"node01", netip.MustParseAddr("172.18.0.3"), netip.MustParsePrefix("10.244.1.0/24")}
	if got := nodes(t)[0]; got != want {
		t.Errorf("expected %v, found %v", want, got)
	}
}

func TestRoutesLeadToOtherNodesThatHavePods(t *testing.T) {
	pods := netip.MustParsePrefix("10.244.0.0/16")
	want := map[netip.Prefix]netip.Addr{netip.MustParsePrefix("10.244.1.0/24"): netip.MustParseAddr("172.18.0.3")}
	if got := routes(nodes(t), "controlplane", pods); !reflect.DeepEqual(got, want) {
		t.Errorf("expected %v, found %v", want, got)
	}
	if got := routes(nodes(t), "node01", pods); len(got) != 0 {
		t.Errorf("expected no route to itself, found %v", got)
	}
}

func TestTheConfigurationIsJSONAndWrittenOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "net.d", "10-rung.conflist")
	pods := netip.MustParsePrefix("10.244.1.0/24")
	if err := writeConfiguration(path, pods); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !json.Valid(text) {
		t.Fatalf("not JSON: %s (%v)", text, err)
	}
	before, _ := os.Stat(path)
	if err := writeConfiguration(path, pods); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.Stat(path); !os.SameFile(before, after) {
		t.Error("the same text was written again")
	}
}
