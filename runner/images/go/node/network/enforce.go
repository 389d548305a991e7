package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// The table that packets pass before kube-proxy's rules may accept them; services' addresses are pods' by then.
const table = "mangle"

const (
	pause = 100 * time.Millisecond // changes come in crowds
	check = 10 * time.Second       // for rules that somebody flushed
)

var paths = []string{"/apis/networking.k8s.io/v1/networkpolicies", "/api/v1/namespaces", "/api/v1/pods"}

// enforce keeps the policies in force on this node. While there are none, it only waits for the first.
func enforce(ctx context.Context, api *API, self string) {
	chains := left()
	for ctx.Err() == nil {
		world, versions, err := api.World(ctx)
		if err == nil {
			chains, err = restore(world, self, chains)
		}
		if err != nil {
			log.Print(err)
			wait(ctx, patient)
			continue
		}
		long := watch
		if len(world.Policies) > 0 {
			long = check
		}
		limited, cancel := context.WithTimeout(ctx, long)
		if err := api.waitForAny(limited, versions); err != nil && limited.Err() == nil {
			log.Print(err)
			wait(ctx, patient)
		}
		cancel()
		wait(ctx, pause)
	}
}

// World returns what the policies need, and of each list the version at which it was so; without policies only theirs.
func (a *API) World(ctx context.Context) (World, map[string]string, error) {
	var world World
	versions := map[string]string{}
	var err error
	if world.Policies, versions[paths[0]], err = all[Policy](ctx, a, paths[0]); err != nil || len(world.Policies) == 0 {
		return world, versions, err
	}
	if world.Namespaces, versions[paths[1]], err = all[Namespace](ctx, a, paths[1]); err != nil {
		return world, versions, err
	}
	world.Pods, versions[paths[2]], err = all[Pod](ctx, a, paths[2])
	return world, versions, err
}

// waitForAny returns when one of the lists has changed.
func (a *API) waitForAny(ctx context.Context, versions map[string]string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	changed := make(chan error, len(versions))
	for path, version := range versions {
		go func() { changed <- a.WaitForChange(ctx, path, version) }()
	}
	return <-changed
}

// restore puts the rules in force at once, and removes the chains that there were before and no longer are.
func restore(world World, self string, before []string) ([]string, error) {
	if len(world.Policies) == 0 && len(before) == 0 {
		return nil, nil
	}
	chains, rules := ruleset(world, self)
	lines := []string{"*" + table, fmt.Sprintf(":%s - [0:0]", chain)}
	for _, name := range chains {
		lines = append(lines, fmt.Sprintf(":%s - [0:0]", name))
	}
	lines = append(lines, rules...)
	for _, name := range before {
		if !slices.Contains(chains, name) {
			lines = append(lines, "-F "+name, "-X "+name)
		}
	}
	lines = append(lines, "COMMIT", "")
	command := exec.Command("iptables-restore", "--noflush", "-w", "5")
	command.Stdin = strings.NewReader(strings.Join(lines, "\n"))
	if output, err := command.CombinedOutput(); err != nil {
		return left(), fmt.Errorf("%s: %w: %s", command, err, strings.TrimSpace(string(output)))
	}
	return chains, errors.Join(jump("FORWARD"), jump("INPUT"))
}

// jump lets the packets that pods exchange, and those to this node, through our chain.
func jump(from string) error {
	rule := []string{from, "-m", "comment", "--comment", "network policies", "-j", chain}
	if iptables(table, append([]string{"-C"}, rule...)) == nil {
		return nil
	}
	return iptables(table, append([]string{"-I"}, rule...))
}

// left returns our pods' chains as they are, of an earlier process.
func left() []string {
	output, err := exec.Command("iptables-save", "-t", table).Output()
	if err != nil {
		return nil
	}
	var found []string
	for _, line := range strings.Split(string(output), "\n") {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, ":"), " ")
		if strings.HasPrefix(line, ":RUNG-I-") || strings.HasPrefix(line, ":RUNG-E-") {
			found = append(found, name)
		}
	}
	return found
}

func wait(ctx context.Context, long time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(long):
	}
}
