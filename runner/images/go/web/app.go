package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const namespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

type app struct {
	version  string
	out, err io.Writer
	mux      *http.ServeMux
	unready  atomic.Bool
	lock     sync.Mutex // of what follows and of the writers
	held     []byte
}

func newApp(version string, out, err io.Writer) *app {
	a := &app{version: version, out: out, err: err, mux: http.NewServeMux()}
	a.mux.HandleFunc("GET /{$}", a.home)
	a.mux.HandleFunc("GET /healthz", a.health)
	a.mux.HandleFunc("GET /readyz", a.ready)
	a.mux.HandleFunc("POST /ready", a.turn)
	a.mux.HandleFunc("GET /load/memory", a.memory)
	a.mux.HandleFunc("GET /load/cpu", a.cpu)
	a.mux.HandleFunc("GET /env/{name}", a.variable)
	a.mux.HandleFunc("GET /file", a.file)
	return a
}

// ServeHTTP answers and logs: requests on standard output, what went wrong on standard error.
func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seen := &watched{ResponseWriter: w, status: http.StatusOK}
	began := time.Now()
	a.mux.ServeHTTP(seen, r)
	line := fmt.Sprintf("%s %s %d %s %s", r.Method, r.URL.RequestURI(), seen.status, r.RemoteAddr,
		time.Since(began).Round(time.Microsecond))
	if seen.status >= http.StatusInternalServerError {
		a.complain("%s", line)
		return
	}
	a.note("%s", line)
}

type watched struct {
	http.ResponseWriter
	status int
}

func (w *watched) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (a *app) note(format string, values ...any)     { a.write(a.out, format, values) }
func (a *app) complain(format string, values ...any) { a.write(a.err, format, values) }

func (a *app) write(to io.Writer, format string, values []any) {
	a.lock.Lock()
	defer a.lock.Unlock()
	fmt.Fprintf(to, time.Now().UTC().Format(time.RFC3339)+" "+format+"\n", values...)
}

func (a *app) home(w http.ResponseWriter, _ *http.Request) {
	host, _ := os.Hostname()
	fmt.Fprintf(w, "version: %s\npod: %s\n", a.version, host)
	if namespace := namespace(); namespace != "" {
		fmt.Fprintf(w, "namespace: %s\n", namespace)
	}
}

func namespace() string {
	if given := os.Getenv("POD_NAMESPACE"); given != "" {
		return given
	}
	text, _ := os.ReadFile(namespaceFile)
	return strings.TrimSpace(string(text))
}

func (a *app) health(w http.ResponseWriter, _ *http.Request) {
	if strings.HasSuffix(a.version, "-bad") {
		http.Error(w, "release "+a.version+" is broken", http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, "ok")
}

func (a *app) ready(w http.ResponseWriter, r *http.Request) {
	switch path := os.Getenv("NOT_READY_FILE"); {
	case a.unready.Load():
		http.Error(w, "turned off by POST /ready?on=false", http.StatusServiceUnavailable)
	case path != "" && exists(path):
		http.Error(w, path+" exists", http.StatusServiceUnavailable)
	case strings.HasSuffix(a.version, "-bad"):
		a.health(w, r)
	default:
		fmt.Fprintln(w, "ok")
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (a *app) turn(w http.ResponseWriter, r *http.Request) {
	on, err := strconv.ParseBool(r.FormValue("on"))
	if err != nil {
		http.Error(w, "on: true or false", http.StatusBadRequest)
		return
	}
	a.unready.Store(!on)
	fmt.Fprintf(w, "ready: %t\n", on)
}

func (a *app) memory(w http.ResponseWriter, r *http.Request) {
	megabytes, err := strconv.ParseUint(r.FormValue("mb"), 10, 16)
	if err != nil {
		http.Error(w, "mb: a whole number below 65536", http.StatusBadRequest)
		return
	}
	a.lock.Lock()
	a.held = nil
	debug.FreeOSMemory() // now, not when it suits
	a.held = make([]byte, megabytes<<20)
	for i := 0; i < len(a.held); i += 4096 {
		a.held[i] = 1 // untouched pages take no memory
	}
	a.lock.Unlock()
	fmt.Fprintf(w, "holds %d MB\n", megabytes)
}

func (a *app) cpu(w http.ResponseWriter, r *http.Request) {
	seconds, err := strconv.ParseFloat(r.FormValue("seconds"), 64)
	if err != nil || seconds < 0 || seconds > 600 {
		http.Error(w, "seconds: a number up to 600", http.StatusBadRequest)
		return
	}
	until := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	for time.Now().Before(until) && r.Context().Err() == nil {
		continue
	}
	fmt.Fprintf(w, "worked for %g s\n", seconds)
}

func (a *app) variable(w http.ResponseWriter, r *http.Request) {
	value, ok := os.LookupEnv(r.PathValue("name"))
	if !ok {
		http.Error(w, r.PathValue("name")+" is not set", http.StatusNotFound)
		return
	}
	fmt.Fprintln(w, value)
}

func (a *app) file(w http.ResponseWriter, r *http.Request) {
	text, err := os.ReadFile(r.FormValue("path"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	_, _ = w.Write(text)
}
