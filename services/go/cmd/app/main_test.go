package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestPortDefaultsTo8080(t *testing.T) {
	if got, err := port(""); got != "8080" || err != nil {
		t.Errorf("port(\"\") = %q, %v", got, err)
	}
}

func TestPortRefusesWhatIsNoPort(t *testing.T) {
	for _, given := range []string{"0", "65536", "-1", "http", "80 "} {
		if got, err := port(given); err == nil {
			t.Errorf("port(%q) = %q, want an error", given, got)
		}
	}
}

func TestHealthFollowsTheServersAnswer(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
	}))
	if err := checkHealth(server.URL); err != nil {
		t.Errorf("healthy service: %v", err)
	}
	status = http.StatusServiceUnavailable
	if err := checkHealth(server.URL); err == nil {
		t.Error("503 passed as healthy")
	}
	server.Close()
	if err := checkHealth(server.URL); err == nil {
		t.Error("a closed port passed as healthy")
	}
}

// started runs serve and returns its base URL, a way to stop it, and its result.
func started(t *testing.T) (url string, stop func(), result <-chan error) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	done := make(chan error, 1)
	go func() { done <- serve(ctx, address) }()
	url = "http://" + address
	for i := 0; i < 1500; i++ {
		if checkHealth(url+"/healthz") == nil {
			return url, cancel, done
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the service did not start")
	return
}

func TestStopFinishesTheRequestInFlight(t *testing.T) {
	url, stop, result := started(t)
	body := make(chan string, 1)
	go func() {
		response, err := http.Get(url + "/slow?ms=2000")
		if err != nil {
			body <- err.Error()
			return
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		body <- string(text)
	}()
	time.Sleep(time.Second)
	stop()
	if err := <-result; err != nil {
		t.Errorf("serve: %v", err)
	}
	if got := <-body; got != "{\"sleptMillis\":2000}\n" {
		t.Errorf("the request in flight got %q", got)
	}
}

func TestStopDoesNotWaitForASilentConnection(t *testing.T) {
	url, stop, result := started(t)
	silent, err := net.Dial("tcp", url[len("http://"):])
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	time.Sleep(100 * time.Millisecond)
	begin := time.Now()
	stop()
	if err := <-result; err != nil {
		t.Errorf("serve: %v", err)
	}
	if took := time.Since(begin); took > 30*time.Second {
		t.Errorf("stopping took %s", took)
	}
}
