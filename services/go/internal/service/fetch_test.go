package service

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// trusting lets the service trust the test server until the test ends.
func trusting(t *testing.T, server *httptest.Server) {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	plain := fetcher.Transport
	trusting := plain.(*http.Transport).Clone()
	trusting.TLSClientConfig.RootCAs = roots
	fetcher.Transport = trusting
	t.Cleanup(func() { fetcher.Transport = plain })
}

func tlsServer(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func TestFetchReportsStatusAndHash(t *testing.T) {
	server := tlsServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, "short and stout")
	})
	trusting(t, server)
	sum := sha256.Sum256([]byte("short and stout"))
	status, body := ask("GET", "/fetch?url="+server.URL, "")
	if status != 200 || field(t, body, "status") != float64(418) || field(t, body, "bodySha256") != hex.EncodeToString(sum[:]) {
		t.Errorf("got %d %s", status, body)
	}
}

func TestFetchReadsOneMebibyteOnly(t *testing.T) {
	endless := strings.Repeat("x", 64<<10)
	server := tlsServer(t, func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := io.WriteString(w, endless); err != nil {
				return
			}
		}
	})
	trusting(t, server)
	sum := sha256.Sum256([]byte(strings.Repeat("x", maxFetched)))
	answer, failed := get(context.Background(), server.URL)
	if failed != nil || answer.BodySHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("got %v, %v", answer, failed)
	}
}

func TestFetchDoesNotFollowRedirects(t *testing.T) {
	server := tlsServer(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://127.0.0.1:1/elsewhere", http.StatusFound)
	})
	trusting(t, server)
	if answer, failed := get(context.Background(), server.URL); failed != nil || answer.Status != http.StatusFound {
		t.Errorf("got %v, %v", answer, failed)
	}
}

func TestFetchNamesTheKindOfFailure(t *testing.T) {
	untrusted := tlsServer(t, func(http.ResponseWriter, *http.Request) {})
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	// Too long a name is refused without asking a name server, which a build may not reach.
	unknown := "https://" + strings.Repeat("long.", 60) + "invalid"
	for target, want := range map[string]string{
		untrusted.URL: "tls",
		strings.Replace(plain.URL, "http:", "https:", 1): "tls",
		"https://" + closed.Addr().String():              "connect",
		unknown:                                          "dns",
		"":                                               "bad-url",
		"http://127.0.0.1":                               "bad-url",
		"https://":                                       "bad-url",
		"https://[":                                      "bad-url",
		"file:///etc/passwd":                             "bad-url",
	} {
		status, body := ask("GET", "/fetch?url="+target, "")
		message, _ := field(t, body, "error").(string)
		if kind := field(t, body, "kind"); status != http.StatusBadGateway || kind != want || message == "" {
			t.Errorf("%q: got %d %s, want %s", target, status, body, want)
		}
	}
}
