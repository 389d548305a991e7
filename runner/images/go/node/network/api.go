package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
)

const (
	nodesPath = "/api/v1/nodes"
	account   = "/var/run/secrets/kubernetes.io/serviceaccount/"
	watch     = 5 * time.Minute
	answer    = 10 * time.Second
)

// Node is what the network needs to know of a node.
type Node struct {
	Name    string
	Address netip.Addr
	Pods    netip.Prefix // invalid until the controller manager has given it one
}

// API asks the cluster's API server: at the control plane's own address where that answers, for the
// service's address works only once kube-proxy does.
type API struct {
	client *http.Client
	hosts  []string
}

func newAPI() *API {
	hosts := []string{service()}
	if endpoint := os.Getenv("CONTROL_PLANE_ENDPOINT"); endpoint != "" {
		hosts = append([]string{endpoint}, hosts...)
	}
	authorities := x509.NewCertPool()
	if text, err := os.ReadFile(account + "ca.crt"); err == nil {
		authorities.AppendCertsFromPEM(text)
	}
	transport := &http.Transport{
		TLSClientConfig:       &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12},
		DialContext:           (&net.Dialer{Timeout: 2 * time.Second, KeepAlive: answer}).DialContext,
		ResponseHeaderTimeout: answer,
	}
	return &API{client: &http.Client{Transport: transport}, hosts: hosts}
}

// service is where every pod finds the API.
func service() string {
	return net.JoinHostPort(os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT"))
}

type list[T any] struct {
	Metadata struct{ ResourceVersion string }
	Items    []T
}

// all returns every object at a path, and the version at which that was so.
func all[T any](ctx context.Context, a *API, path string) ([]T, string, error) {
	limited, cancel := context.WithTimeout(ctx, answer)
	defer cancel()
	body, err := a.get(limited, path)
	if err != nil {
		return nil, "", err
	}
	defer body.Close()
	var found list[T]
	err = json.NewDecoder(body).Decode(&found)
	return found.Items, found.Metadata.ResourceVersion, err
}

type item struct {
	Metadata struct{ Name string }
	Spec     struct{ PodCIDRs []string }
	Status   struct {
		Addresses []struct{ Type, Address string }
	}
}

// Nodes returns every node in the order of their names, and the version at which that was so.
func (a *API) Nodes(ctx context.Context) ([]Node, string, error) {
	items, version, err := all[item](ctx, a, nodesPath)
	var nodes []Node
	for _, each := range items {
		nodes = append(nodes, each.node())
	}
	slices.SortFunc(nodes, func(a, b Node) int { return strings.Compare(a.Name, b.Name) })
	return nodes, version, err
}

func (i item) node() Node {
	node := Node{Name: i.Metadata.Name}
	for _, text := range i.Spec.PodCIDRs {
		if prefix, err := netip.ParsePrefix(text); err == nil && prefix.Addr().Is4() {
			node.Pods = prefix
		}
	}
	for _, address := range i.Status.Addresses {
		if found, err := netip.ParseAddr(address.Address); err == nil && address.Type == "InternalIP" && found.Is4() {
			node.Address = found
		}
	}
	return node
}

// WaitForChange returns when something at that path has changed since that version, or after some minutes.
func (a *API) WaitForChange(ctx context.Context, path, version string) error {
	limited, cancel := context.WithTimeout(ctx, watch+answer)
	defer cancel()
	query := fmt.Sprintf("%s?watch=true&resourceVersion=%s&timeoutSeconds=%d", path, version, int(watch.Seconds()))
	body, err := a.get(limited, query)
	if err != nil {
		return err
	}
	defer body.Close()
	_, err = body.Read(make([]byte, 1)) // an event's first byte is bell enough
	if err == io.EOF {
		return nil
	}
	return err
}

func (a *API) get(ctx context.Context, path string) (io.ReadCloser, error) {
	token, err := os.ReadFile(account + "token") // renewed by the kubelet
	if err != nil {
		return nil, err
	}
	for _, host := range a.hosts {
		var request *http.Request
		if request, err = http.NewRequestWithContext(ctx, http.MethodGet, "https://"+host+path, nil); err != nil {
			return nil, err
		}
		request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
		var response *http.Response
		if response, err = a.client.Do(request); err != nil {
			continue
		}
		if response.StatusCode == http.StatusOK {
			return response.Body, nil
		}
		text, _ := io.ReadAll(io.LimitReader(response.Body, 500))
		response.Body.Close()
		err = fmt.Errorf("%s%s: %s: %s", host, path, response.Status, strings.TrimSpace(string(text)))
	}
	return nil, err
}
