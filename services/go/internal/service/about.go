package service

import (
	"bufio"
	"os"
	"os/user"
	"strconv"
	"strings"
)

// BuildProof is the SHA-256, in hex, of a secret that the build was handed. The linker sets it:
//
//	go build -ldflags "-X imagediet.org/service/internal/service.BuildProof=…"
var BuildProof string

// self is what the service tells about its own process. A nil pointer stands for "cannot be told".
type self struct {
	Track      string  `json:"track"`
	Version    string  `json:"version"`
	PID        int     `json:"pid"`
	UID        int     `json:"uid"`
	GID        int     `json:"gid"`
	Groups     []int   `json:"groups"`
	User       *string `json:"user"`
	CapEff     *string `json:"capEff"`
	NoNewPrivs *bool   `json:"noNewPrivs"`
	BuildProof *string `json:"buildProof"`
}

func about() self {
	groups, err := os.Getgroups()
	if err != nil || groups == nil {
		groups = []int{}
	}
	answer := self{
		Track: "go", Version: Version, PID: os.Getpid(),
		UID: os.Getuid(), GID: os.Getgid(), Groups: groups, User: userName(os.Getuid()),
	}
	if BuildProof != "" {
		answer.BuildProof = &BuildProof
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return answer // not Linux
	}
	fields := procStatus(string(status))
	if caps, found := fields["CapEff"]; found {
		answer.CapEff = &caps
	}
	if flag, found := fields["NoNewPrivs"]; found {
		set := flag == "1"
		answer.NoNewPrivs = &set
	}
	return answer
}

// userName returns the name that the system gives to uid, or nil when it has none.
func userName(uid int) *string {
	// os/user falls back to $USER, which anybody may set: that is no answer of the system.
	os.Unsetenv("USER")
	found, err := user.LookupId(strconv.Itoa(uid))
	if err != nil {
		return nil
	}
	return &found.Username
}

// procStatus splits the "Key:\tvalue" lines of /proc/<pid>/status, see proc(5).
func procStatus(text string) map[string]string {
	fields := map[string]string{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		if key, value, found := strings.Cut(lines.Text(), ":"); found {
			fields[key] = strings.TrimSpace(value)
		}
	}
	return fields
}
