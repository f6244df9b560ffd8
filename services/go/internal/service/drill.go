//go:build drill

package service

// VULNERABLE BY DESIGN. Only a build with `-tags drill` has this file, and such a build is attacked
// by the hardening drill, in a container without a network. Never release it, never publish its port.

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const (
	drillMark     = "by design, for the hardening drill"
	drillFolder   = "/srv/files"
	drillDeadline = 5 * time.Second
	maxDrillShown = 8 << 10
)

type drilled struct {
	Vulnerable string `json:"vulnerable"`
	Output     string `json:"output"`
}

func init() {
	routes["/drill/ping"] = route{http.MethodGet, drillPing}
	routes["/drill/file"] = route{http.MethodGet, drillFile}
	routes["/drill/save"] = route{http.MethodPost, drillSave}
	fmt.Println("VULNERABLE " + drillMark + ": keep this service away from every network")
}

// drillPing pings ?host=. Flaw: the host is pasted into a shell's command line.
func drillPing(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), drillDeadline)
	defer cancel()
	command := exec.CommandContext(ctx, "sh", "-c", "ping -c 1 "+r.URL.Query().Get("host"))
	command.WaitDelay = time.Second // what the shell has started may hold the pipe open
	output, err := command.CombinedOutput()
	if err != nil && command.Process == nil {
		drillReply(w, http.StatusInternalServerError, err.Error())
		return
	}
	drillReply(w, http.StatusOK, string(output[:min(len(output), maxDrillShown)]))
}

// drillFile shows the file ?name=. Flaw: the name may lead out of the folder.
func drillFile(w http.ResponseWriter, r *http.Request) {
	file, err := os.Open(filepath.Join(drillFolder, r.URL.Query().Get("name")))
	if err != nil {
		drillReply(w, http.StatusInternalServerError, err.Error())
		return
	}
	defer file.Close()
	var content bytes.Buffer
	if _, err := io.Copy(&content, io.LimitReader(file, maxDrillShown)); err != nil {
		drillReply(w, http.StatusInternalServerError, err.Error())
		return
	}
	drillReply(w, http.StatusOK, content.String())
}

// drillSave makes ?text= the content of the file ?name=. Flaw: the name may lead out of the folder,
// and what is there already is replaced.
func drillSave(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	path := filepath.Join(drillFolder, query.Get("name"))
	if err := replace(path, []byte(query.Get("text"))); err != nil {
		drillReply(w, http.StatusInternalServerError, err.Error())
		return
	}
	drillReply(w, http.StatusOK, path)
}

// replace writes beside the file and renames, as careful programs do: no reader sees half a file.
func replace(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".save-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if _, err := file.Write(content); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := os.Chmod(file.Name(), 0o755); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

func drillReply(w http.ResponseWriter, status int, text string) {
	w.Header().Set("X-Vulnerable", drillMark)
	if status != http.StatusOK {
		reply(w, status, map[string]string{"vulnerable": drillMark, "error": text})
		return
	}
	reply(w, status, drilled{drillMark, text})
}
