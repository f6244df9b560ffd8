// Package service answers the requests of the service contract, which is the same in every track.
package service

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Version is what the service says of itself.
const Version = "1.0.0"

const (
	maxBody = 64 << 10
	maxSlow = 5 * time.Second
)

type route struct {
	method string
	handle http.HandlerFunc
}

var routes = map[string]route{
	"/":        {http.MethodGet, func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, about()) }},
	"/healthz": {http.MethodGet, healthz},
	"/fetch":   {http.MethodGet, fetch},
	"/slow":    {http.MethodGet, slow},
	"/time":    {http.MethodGet, timeInZone},
	"/tmp":     {http.MethodPost, tmp},
}

// Handler returns the whole service.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route, found := routes[r.URL.Path]
		switch {
		case !found:
			replyError(w, http.StatusNotFound, "no such path")
		case r.Method != route.method && !(r.Method == http.MethodHead && route.method == http.MethodGet):
			w.Header().Set("Allow", route.method)
			replyError(w, http.StatusMethodNotAllowed, "use "+route.method)
		case r.ContentLength > maxBody:
			replyError(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("a request body may have %d bytes", maxBody))
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			route.handle(w, r)
		}
	})
}

func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, "ok")
}

// slow answers after ?ms= milliseconds, so that a graceful stop can be watched.
func slow(w http.ResponseWriter, r *http.Request) {
	ms, err := strconv.ParseUint(r.URL.Query().Get("ms"), 10, 31)
	if err != nil {
		replyError(w, http.StatusBadRequest, "ms must be a number of milliseconds")
		return
	}
	pause := min(time.Duration(ms)*time.Millisecond, maxSlow)
	select {
	case <-time.After(pause):
		reply(w, http.StatusOK, map[string]any{"sleptMillis": pause.Milliseconds()})
	case <-r.Context().Done(): // the client has gone
	}
}

func reply(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The status line is out: a failing write can only mean that the client has gone.
	_ = json.NewEncoder(w).Encode(value)
}

func replyError(w http.ResponseWriter, status int, message string) {
	reply(w, status, map[string]string{"error": message})
}
