package main

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestMissingReadsTheBoundingSet(t *testing.T) {
	for name, c := range map[string]struct {
		status, last string
		want         []string
	}{
		"all":        {"Name:\tx\nCapBnd:\t000001ffffffffff\n", "40\n", nil},
		"one less":   {"CapBnd:\t000001fffeffffff\n", "40\n", []string{"CAP_SYS_RESOURCE"}},
		"old kernel": {"CapBnd:\t0000000000000000\n", "1\n", []string{"CAP_CHOWN", "CAP_DAC_OVERRIDE"}},
	} {
		if got, err := missing(c.status, c.last); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: expected %v, found %v (%v)", name, c.want, got, err)
		}
	}
}

func TestLowerLeavesWhatIsPossible(t *testing.T) {
	process := object{
		"capabilities": object{"bounding": []any{"CAP_CHOWN", "CAP_SYS_RESOURCE"}, "ambient": nil},
		"rlimits": []any{
			object{"type": "RLIMIT_NOFILE", "hard": json.Number("1048576"), "soft": json.Number("1024")},
			object{"type": "RLIMIT_NEW", "hard": json.Number("9"), "soft": json.Number("9")},
		},
	}
	lower(process, []string{"CAP_SYS_RESOURCE"}, func(name string) (uint64, bool) { return 20000, name == "RLIMIT_NOFILE" })
	want := object{
		"capabilities": object{"bounding": []any{"CAP_CHOWN"}, "ambient": nil},
		"rlimits": []any{
			object{"type": "RLIMIT_NOFILE", "hard": json.Number("20000"), "soft": json.Number("1024")},
			object{"type": "RLIMIT_NEW", "hard": json.Number("9"), "soft": json.Number("9")},
		},
	}
	if !reflect.DeepEqual(process, want) {
		t.Errorf("expected %v, found %v", want, process)
	}
}
