package service

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

const (
	fetchDeadline = 5 * time.Second
	maxFetched    = 1 << 20
)

// Every fetch is a new handshake (no kept-alive connection), goes straight out (no proxy) and
// reports a redirect instead of following it.
var fetcher = &http.Client{
	Transport: &http.Transport{DisableKeepAlives: true, TLSHandshakeTimeout: fetchDeadline},
	CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	},
}

type fetched struct {
	Status     int    `json:"status"`
	BodySHA256 string `json:"bodySha256"` // of the first MiB
}

type failure struct {
	Kind  string `json:"kind"`
	Error string `json:"error"`
}

// fetch gets ?url= over HTTPS with the system's trust store.
func fetch(w http.ResponseWriter, r *http.Request) {
	target, err := httpsURL(r.URL.Query().Get("url"))
	if err != nil {
		reply(w, http.StatusBadGateway, failure{"bad-url", err.Error()})
		return
	}
	answer, failed := get(r.Context(), target)
	if failed != nil {
		reply(w, http.StatusBadGateway, failed)
		return
	}
	reply(w, http.StatusOK, answer)
}

func httpsURL(text string) (string, error) {
	parsed, err := url.Parse(text)
	if err != nil {
		return "", err
	}
	if parsed.Scheme != "https" || parsed.Hostname() == "" {
		return "", errors.New("url must be https://host…")
	}
	return parsed.String(), nil
}

func get(ctx context.Context, target string) (fetched, *failure) {
	ctx, cancel := context.WithTimeout(ctx, fetchDeadline)
	defer cancel()
	var handshake atomic.Bool // from its start until it has succeeded
	trace := &httptrace.ClientTrace{
		TLSHandshakeStart: func() { handshake.Store(true) },
		TLSHandshakeDone:  func(_ tls.ConnectionState, err error) { handshake.Store(err != nil) },
	}
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodGet, target, nil)
	if err != nil {
		return fetched{}, &failure{"bad-url", err.Error()}
	}
	response, err := fetcher.Do(request)
	if err != nil {
		return fetched{}, &failure{kind(err, handshake.Load()), err.Error()}
	}
	defer response.Body.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, io.LimitReader(response.Body, maxFetched)); err != nil {
		return fetched{}, &failure{"connect", err.Error()}
	}
	return fetched{response.StatusCode, hex.EncodeToString(hash.Sum(nil))}, nil
}

// kind says which step failed. Going by the step and not by the error's type catches every way in
// which a handshake can fail, also those for which Go has no type of its own.
func kind(err error, inHandshake bool) string {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return "dns"
	case inHandshake && !errors.Is(err, context.DeadlineExceeded):
		return "tls"
	default:
		return "connect"
	}
}
