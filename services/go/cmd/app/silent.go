package main

import (
	"net"
	"net/http"
	"sync"
)

// silentConns knows the connections on which no byte has arrived yet. http.Server.Shutdown waits
// up to five seconds for those; nobody has asked anything on them, so they are closed at once.
type silentConns struct {
	mu    sync.Mutex
	conns map[net.Conn]bool
}

func newSilentConns() *silentConns {
	return &silentConns{conns: map[net.Conn]bool{}}
}

// track is a http.Server.ConnState hook.
func (s *silentConns) track(conn net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state == http.StateNew {
		s.conns[conn] = true
	} else {
		delete(s.conns, conn)
	}
}

func (s *silentConns) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.conns {
		conn.Close()
	}
}
