package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"unsafe"
)

// Ours are told from the kernel's and from those that people add by hand.
const protocol = 117

// routes returns the way to each other node's pods: network -> the node's address.
func routes(nodes []Node, self string, pods netip.Prefix) map[netip.Prefix]netip.Addr {
	wanted := map[netip.Prefix]netip.Addr{}
	for _, node := range nodes {
		if node.Name != self && node.Pods.IsValid() && node.Address.IsValid() && pods.Overlaps(node.Pods) {
			wanted[node.Pods] = node.Address
		}
	}
	return wanted
}

// keepRoutes adds or replaces those that are wanted, and removes ours that no longer are.
func keepRoutes(wanted map[netip.Prefix]netip.Addr) error {
	present, err := ours()
	if err != nil {
		return err
	}
	var failed []error
	for network, via := range present {
		if _, ok := wanted[network]; !ok {
			failed = append(failed, change(syscall.RTM_DELROUTE, 0, network, via))
		}
	}
	for network, via := range wanted {
		if present[network] != via {
			failed = append(failed, change(syscall.RTM_NEWROUTE, syscall.NLM_F_CREATE|syscall.NLM_F_REPLACE, network, via))
		}
	}
	return errors.Join(failed...)
}

// ours returns the routes in the kernel's main table that bear our mark.
func ours() (map[netip.Prefix]netip.Addr, error) {
	table, err := syscall.NetlinkRIB(syscall.RTM_GETROUTE, syscall.AF_INET)
	if err != nil {
		return nil, err
	}
	messages, err := syscall.ParseNetlinkMessage(table)
	if err != nil {
		return nil, err
	}
	found := map[netip.Prefix]netip.Addr{}
	for _, message := range messages {
		if message.Header.Type != syscall.RTM_NEWROUTE {
			continue
		}
		header := (*syscall.RtMsg)(unsafe.Pointer(&message.Data[0]))
		if header.Protocol != protocol {
			continue
		}
		attributes, err := syscall.ParseNetlinkRouteAttr(&message)
		if err != nil {
			return nil, err
		}
		var network, via netip.Addr
		for _, attribute := range attributes {
			switch attribute.Attr.Type {
			case syscall.RTA_DST:
				network, _ = netip.AddrFromSlice(attribute.Value)
			case syscall.RTA_GATEWAY:
				via, _ = netip.AddrFromSlice(attribute.Value)
			}
		}
		found[netip.PrefixFrom(network, int(header.Dst_len))] = via
	}
	return found, nil
}

// change sends one request about a route to the kernel and reads its verdict.
func change(kind, flags int, network netip.Prefix, via netip.Addr) error {
	fd, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, syscall.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	kernel := &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}
	if err := syscall.Sendto(fd, request(kind, flags, network, via), 0, kernel); err != nil {
		return err
	}
	reply := make([]byte, syscall.Getpagesize())
	n, _, err := syscall.Recvfrom(fd, reply, 0)
	if err != nil {
		return err
	}
	messages, err := syscall.ParseNetlinkMessage(reply[:n])
	if err != nil {
		return err
	}
	for _, message := range messages {
		if message.Header.Type == syscall.NLMSG_ERROR {
			if code := int32(binary.NativeEndian.Uint32(message.Data)); code != 0 {
				return fmt.Errorf("route to %s via %s: %w", network, via, syscall.Errno(-code))
			}
		}
	}
	return nil
}

// request is a netlink message: header, route, destination, gateway; each a multiple of four bytes.
func request(kind, flags int, network netip.Prefix, via netip.Addr) []byte {
	native := binary.NativeEndian
	body := []byte{
		syscall.AF_INET, byte(network.Bits()), 0, 0, // family, destination's length, source's length, service
		syscall.RT_TABLE_MAIN, protocol, syscall.RT_SCOPE_UNIVERSE, syscall.RTN_UNICAST,
		0, 0, 0, 0, // flags
	}
	for _, attribute := range []struct {
		kind uint16
		addr netip.Addr
	}{{syscall.RTA_DST, network.Masked().Addr()}, {syscall.RTA_GATEWAY, via}} {
		body = native.AppendUint16(body, 8)
		body = native.AppendUint16(body, attribute.kind)
		body = append(body, attribute.addr.AsSlice()...)
	}
	message := native.AppendUint32(nil, uint32(syscall.NLMSG_HDRLEN+len(body)))
	message = native.AppendUint16(message, uint16(kind))
	message = native.AppendUint16(message, uint16(flags|syscall.NLM_F_REQUEST|syscall.NLM_F_ACK))
	message = native.AppendUint32(message, 1) // sequence
	message = native.AppendUint32(message, 0) // to the kernel
	return append(message, body...)
}

// mtu returns the smallest of the node's own interfaces', so that no packet of a pod's is too big for its way.
func mtu() int {
	smallest := 1500
	interfaces, _ := net.Interfaces()
	for _, each := range interfaces {
		if each.Flags&net.FlagUp != 0 && each.Flags&(net.FlagLoopback|net.FlagPointToPoint) == 0 && each.MTU < smallest {
			smallest = each.MTU
		}
	}
	return smallest
}
