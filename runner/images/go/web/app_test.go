package main

import (
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type question struct {
	verb, path string
	status     int
	text       string
}

func ask(t *testing.T, a *app, questions ...question) {
	t.Helper()
	for _, q := range questions {
		answer := httptest.NewRecorder()
		a.ServeHTTP(answer, httptest.NewRequest(q.verb, q.path, nil))
		if answer.Code != q.status || answer.Body.String() != q.text {
			t.Errorf("%s %s: expected %d %q, found %d %q", q.verb, q.path, q.status, q.text, answer.Code, answer.Body)
		}
	}
}

func TestAGoodRelease(t *testing.T) {
	t.Setenv("POD_NAMESPACE", "shop")
	t.Setenv("COLOUR", "blue")
	host, _ := os.Hostname()
	path := filepath.Join(t.TempDir(), "settings")
	if err := os.WriteFile(path, []byte("a=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ask(t, newApp("1.0", io.Discard, io.Discard),
		question{"GET", "/", 200, "version: 1.0\npod: " + host + "\nnamespace: shop\n"},
		question{"GET", "/healthz", 200, "ok\n"},
		question{"GET", "/readyz", 200, "ok\n"},
		question{"POST", "/ready?on=false", 200, "ready: false\n"},
		question{"GET", "/readyz", 503, "turned off by POST /ready?on=false\n"},
		question{"GET", "/healthz", 200, "ok\n"},
		question{"POST", "/ready?on=true", 200, "ready: true\n"},
		question{"GET", "/readyz", 200, "ok\n"},
		question{"POST", "/ready", 400, "on: true or false\n"},
		question{"GET", "/load/memory?mb=3", 200, "holds 3 MB\n"},
		question{"GET", "/load/cpu?seconds=0.01", 200, "worked for 0.01 s\n"},
		question{"GET", "/load/cpu?seconds=-1", 400, "seconds: a number up to 600\n"},
		question{"GET", "/env/COLOUR", 200, "blue\n"},
		question{"GET", "/env/SHAPE", 404, "SHAPE is not set\n"},
		question{"GET", "/file?path=" + path, 200, "a=1\n"},
		question{"GET", "/nowhere", 404, "404 page not found\n"},
	)
}

func TestAFileTurnsReadinessOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "down")
	t.Setenv("NOT_READY_FILE", path)
	a := newApp("1.1", io.Discard, io.Discard)
	ask(t, a, question{"GET", "/readyz", 200, "ok\n"})
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ask(t, a, question{"GET", "/readyz", 503, path + " exists\n"})
}

func TestABadReleaseIsNeverHealthyAndSaysSoOnStandardError(t *testing.T) {
	var out, err strings.Builder
	ask(t, newApp("1.2-bad", &out, &err),
		question{"GET", "/healthz", 500, "release 1.2-bad is broken\n"},
		question{"GET", "/readyz", 500, "release 1.2-bad is broken\n"},
	)
	if strings.Count(err.String(), "\n") != 2 || out.String() != "" {
		t.Errorf("expected two lines of errors, found %q and %q", err.String(), out.String())
	}
}
