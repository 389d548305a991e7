package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// In the kernel's order: number -> name.
var capabilities = strings.Fields(`
	CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
	NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
	SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE
	MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`)

// The limits that an OCI process may name, in the numbers of linux/resource.h that all its ports share.
var limits = map[string]int{
	"RLIMIT_CPU": 0, "RLIMIT_FSIZE": 1, "RLIMIT_DATA": 2, "RLIMIT_STACK": 3, "RLIMIT_CORE": 4, "RLIMIT_RSS": 5,
	"RLIMIT_NPROC": 6, "RLIMIT_NOFILE": 7, "RLIMIT_MEMLOCK": 8, "RLIMIT_AS": 9, "RLIMIT_LOCKS": 10,
	"RLIMIT_SIGPENDING": 11, "RLIMIT_MSGQUEUE": 12, "RLIMIT_NICE": 13, "RLIMIT_RTPRIO": 14, "RLIMIT_RTTIME": 15,
}

// missing returns the capabilities that the kernel knows and a process's bounding set lacks.
// status is the text of /proc/PID/status, last that of /proc/sys/kernel/cap_last_cap.
func missing(status, last string) ([]string, error) {
	highest, err := strconv.Atoi(strings.TrimSpace(last))
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(status) {
		digits, ok := strings.CutPrefix(line, "CapBnd:")
		if !ok {
			continue
		}
		bounding, err := strconv.ParseUint(strings.TrimSpace(digits), 16, 64)
		if err != nil {
			return nil, err
		}
		var lacking []string
		for i, name := range capabilities[:min(highest+1, len(capabilities))] {
			if bounding>>i&1 == 0 {
				lacking = append(lacking, "CAP_"+name)
			}
		}
		return lacking, nil
	}
	return nil, fmt.Errorf("no line CapBnd in /proc/self/status")
}

// hardLimit returns this process's hard limit of that name; false where there is none.
func hardLimit(name string) (uint64, bool) {
	number, ok := limits[name]
	var limit syscall.Rlimit
	if !ok || syscall.Getrlimit(number, &limit) != nil {
		return 0, false
	}
	return limit.Max, true
}

// lower takes capabilities that are lacking out of an OCI process, and brings its limits down to what may be set:
// without CAP_SYS_RESOURCE nobody may raise a hard limit.
func lower(process object, lacking []string, hard func(string) (uint64, bool)) {
	sets, _ := process["capabilities"].(object)
	for kind, names := range sets {
		if list, ok := names.([]any); ok {
			sets[kind] = slices.DeleteFunc(list, func(name any) bool {
				text, _ := name.(string)
				return slices.Contains(lacking, text)
			})
		}
	}
	if !slices.Contains(lacking, "CAP_SYS_RESOURCE") {
		return
	}
	wanted, _ := process["rlimits"].([]any)
	for _, each := range wanted {
		limit, _ := each.(object)
		name, _ := limit["type"].(string)
		ceiling, ok := hard(name)
		if !ok {
			continue
		}
		for _, key := range []string{"hard", "soft"} {
			limit[key] = atMost(limit[key], ceiling)
		}
	}
}

// atMost returns the smaller of a number as JSON holds it and a ceiling.
func atMost(value any, ceiling uint64) any {
	number, _ := value.(json.Number)
	if found, err := strconv.ParseUint(number.String(), 10, 64); err == nil && found <= ceiling {
		return value
	}
	return json.Number(strconv.FormatUint(ceiling, 10))
}
