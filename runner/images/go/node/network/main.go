// Command network gives pods their network: on each node it writes the CNI configuration of the node's own
// part of the pod network, keeps a route to every other node's part, and lets pods reach the world outside
// as their node. It runs as a DaemonSet in the host's network, under a service account that may read nodes.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"os/signal"
	"reflect"
	"strings"
	"syscall"
	"time"
)

const (
	again   = 10 * time.Second // routes vanish with a network that is taken away and given back
	patient = time.Second      // between questions that the API did not answer
	awhile  = 10 * time.Second // for the services' addresses to work, before a new node takes pods
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	self := os.Getenv("NODE_NAME")
	pods, err := netip.ParsePrefix(os.Getenv("POD_SUBNET"))
	if err != nil || self == "" {
		log.Fatalf("NODE_NAME and POD_SUBNET (one IPv4 network) are needed: %q, %q", self, os.Getenv("POD_SUBNET"))
	}
	asked := make(chan []Node)
	api := newAPI()
	go follow(ctx, api, asked)
	go enforce(ctx, api, self)
	tick := time.NewTicker(again)
	var nodes []Node
	for {
		select {
		case <-ctx.Done():
			return
		case found := <-asked:
			if reflect.DeepEqual(nodes, found) {
				continue
			}
			nodes = found
			describe(nodes, self)
		case <-tick.C:
		}
		if err := apply(nodes, self, pods); err != nil {
			log.Print(err)
		}
	}
}

// follow sends the cluster's nodes, at first and whenever one changes.
func follow(ctx context.Context, api *API, to chan<- []Node) {
	for ctx.Err() == nil {
		nodes, version, err := api.Nodes(ctx)
		if err == nil {
			to <- nodes
			err = api.WaitForChange(ctx, nodesPath, version)
		}
		if err != nil && ctx.Err() == nil {
			log.Print(err)
			time.Sleep(patient)
		}
	}
}

// apply makes this node's network what the nodes say; it changes nothing that is right already.
func apply(nodes []Node, self string, pods netip.Prefix) error {
	for _, node := range nodes {
		if node.Name == self && node.Pods.IsValid() {
			if _, err := os.Stat(configuration); err != nil {
				waitForServices()
			}
			if err := writeConfiguration(configuration, node.Pods); err != nil {
				return err
			}
		}
	}
	if err := masquerade(pods); err != nil {
		return err
	}
	return keepRoutes(routes(nodes, self, pods))
}

// waitForServices waits for kube-proxy: the first pods would end, or wait long, where the API's address leads nowhere.
func waitForServices() {
	until := time.Now().Add(awhile)
	for time.Now().Before(until) {
		connection, err := net.DialTimeout("tcp", service(), 200*time.Millisecond)
		if err == nil {
			connection.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// masquerade lets what leaves the pod network bear the node's address.
func masquerade(pods netip.Prefix) error {
	rule := []string{
		"POSTROUTING", "-s", pods.String(), "!", "-d", pods.String(),
		"-m", "comment", "--comment", "pods reach the world outside as their node", "-j", "MASQUERADE",
	}
	if iptables("nat", append([]string{"-C"}, rule...)) == nil {
		return nil
	}
	return iptables("nat", append([]string{"-A"}, rule...))
}

func iptables(table string, rule []string) error {
	command := exec.Command("iptables", append([]string{"-w", "5", "-t", table}, rule...)...)
	output, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", command, err, strings.TrimSpace(string(output)))
	}
	return nil
}

func describe(nodes []Node, self string) {
	for _, node := range nodes {
		way := "via " + node.Address.String()
		if node.Name == self {
			way = "here"
		}
		log.Printf("pods of %s: %s %s", node.Name, node.Pods, way)
	}
}
