// Command runc asks the real runc for what this node can give, and no more.
//
// A node is itself a container. Where its bounding set lacks a capability that a pod asks for, or its hard
// limits are lower than those a pod asks for, the real runc would refuse to start the pod; so both are
// lowered in the bundle's config.json, or in the process file of an exec, before the real one reads it.
// On a node that lacks nothing the files stay as they are.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

const real = "/usr/sbin/runc"

type object = map[string]any

func main() {
	if err := prepare(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "rung's runc:", err)
		os.Exit(1)
	}
	err := syscall.Exec(real, append([]string{"runc"}, os.Args[1:]...), os.Environ())
	fmt.Fprintln(os.Stderr, "rung's runc:", real+":", err)
	os.Exit(1)
}

// prepare lowers what the call's files ask for.
func prepare(arguments []string) error {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	last, err := os.ReadFile("/proc/sys/kernel/cap_last_cap")
	if err != nil {
		return err
	}
	lacking, err := missing(string(status), string(last))
	if err != nil || len(lacking) == 0 {
		return err
	}
	verb := slices.IndexFunc(arguments, func(a string) bool {
		return a == "create" || a == "run" || a == "restore" || a == "exec"
	})
	switch {
	case verb < 0:
		return nil
	case arguments[verb] == "exec":
		path := option(arguments, "--process", "-p")
		if path == "" {
			return nil
		}
		return edit(path, func(process object) { lower(process, lacking, hardLimit) })
	}
	bundle := option(arguments, "--bundle", "-b")
	return edit(filepath.Join(bundle, "config.json"), func(config object) {
		if process, ok := config["process"].(object); ok {
			lower(process, lacking, hardLimit)
		}
	})
}

// option returns the value of a flag that goes by any of the names; "" where it is absent.
func option(arguments []string, names ...string) string {
	for i, argument := range arguments {
		for _, name := range names {
			if argument == name && i+1 < len(arguments) {
				return arguments[i+1]
			}
			if value, ok := strings.CutPrefix(argument, name+"="); ok {
				return value
			}
		}
	}
	return ""
}

// edit rewrites a JSON object in a file; numbers stay as they are written.
func edit(path string, change func(object)) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	found := object{}
	if err := decoder.Decode(&found); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	change(found)
	text, err = json.Marshal(found)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}
