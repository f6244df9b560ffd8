// Command app is the service that the three images carry.
//
//	app           serves HTTP on $PORT (default 8080) until SIGTERM
//	app -health   exits 0 when the service on $PORT answers, else 1
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"imagediet.org/service/internal/service"
)

// The longest request takes 5 s, and an engine kills 10 s after SIGTERM.
const grace = 8 * time.Second

func main() {
	health := flag.Bool("health", false, "ask the running service whether it is well, for a HEALTHCHECK")
	flag.Parse()
	port, err := port(os.Getenv("PORT"))
	if err != nil || flag.NArg() > 0 {
		if err == nil {
			err = fmt.Errorf("unexpected argument %q", flag.Arg(0))
		}
		fmt.Fprintln(os.Stderr, "app:", err)
		os.Exit(2)
	}
	if *health {
		err = checkHealth("http://127.0.0.1:" + port + "/healthz")
	} else {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
		defer stop()
		err = serve(ctx, ":"+port)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "app:", err)
		os.Exit(1)
	}
}

// port returns the port to use, or an error when the given one is none.
func port(given string) (string, error) {
	if given == "" {
		return "8080", nil
	}
	if n, err := strconv.Atoi(given); err != nil || n < 1 || n > 65535 {
		return "", fmt.Errorf("PORT is %q, not a number from 1 to 65535", given)
	}
	return given, nil
}

// serve answers requests until ctx is done; requests in flight are finished.
func serve(ctx context.Context, address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	silent := newSilentConns()
	server := &http.Server{
		Handler:           service.Handler(),
		ConnState:         silent.track,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
	}
	server.RegisterOnShutdown(silent.close)
	fmt.Printf("go service %s listens on %s\n", service.Version, listener.Addr())

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	deadline, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		return fmt.Errorf("requests still in flight after %s: %w", grace, err)
	}
	return nil
}

// checkHealth returns nil when the service at url says that it is well.
func checkHealth(url string) error {
	client := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{}}
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New("the service answers " + response.Status)
	}
	return nil
}
