// Command web is the small server that labs deploy: it says who answers, can be made unready, and can be
// made to take memory or processor time. Versions 1.0 and 1.1 differ in what they say of themselves; one
// whose version ends in -bad is never healthy.
//
//	GET  /                        version, pod and namespace, one a line
//	GET  /healthz, /readyz        200 ok, or 500 and 503 with the reason
//	POST /ready?on=false          the switch behind /readyz; a file named by $NOT_READY_FILE is another
//	GET  /load/memory?mb=N        holds so much memory from now on (0 lets it go)
//	GET  /load/cpu?seconds=N      works for so long
//	GET  /env/NAME, /file?path=P  a variable of its environment, a file that it can read
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

var version = "dev" // set when it is linked

func main() {
	log.SetFlags(0)
	port := flag.String("port", or(os.Getenv("PORT"), "8080"), "where to listen; $PORT without the flag")
	release := flag.String("version", or(os.Getenv("VERSION"), version), "what to say of itself; $VERSION without the flag")
	flag.Parse()

	app := newApp(*release, os.Stdout, os.Stderr)
	server := &http.Server{Addr: ":" + *port, Handler: app, ReadHeaderTimeout: 10 * time.Second}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	go func() {
		<-ctx.Done()
		limited, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(limited)
	}()
	app.note("web %s listens on port %s", *release, *port)
	if strings.HasSuffix(*release, "-bad") {
		app.complain("this release is broken: it will never be healthy")
	}
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
	app.note("web %s ends", *release)
}

func or(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}
