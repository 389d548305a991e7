package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
)

const configuration = "/etc/cni/net.d/10-rung.conflist"

// Each pod gets a veth pair and a route of its own; the node routes between them.
const template = `{
  "cniVersion": "0.4.0",
  "name": "rung",
  "plugins": [
    {
      "type": "ptp",
      "ipMasq": false,
      "mtu": %d,
      "ipam": {
        "type": "host-local",
        "dataDir": "/run/cni-ipam-state",
        "routes": [{"dst": "0.0.0.0/0"}],
        "ranges": [[{"subnet": "%s"}]]
      }
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
`

// writeConfiguration writes the container runtime's network configuration, whole, where it is not so already.
func writeConfiguration(path string, pods netip.Prefix) error {
	wanted := fmt.Appendf(nil, template, mtu(), pods)
	if found, err := os.ReadFile(path); err == nil && bytes.Equal(found, wanted) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	fresh := path + ".new" // the runtime reads *.conf, *.conflist and *.json
	if err := os.WriteFile(fresh, wanted, 0o644); err != nil {
		return err
	}
	return os.Rename(fresh, path)
}
