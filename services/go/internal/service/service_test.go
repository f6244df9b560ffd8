package service

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// ask sends one request to the service and returns status and body.
func ask(method, target, body string) (int, string) {
	recorder := httptest.NewRecorder()
	Handler().ServeHTTP(recorder, httptest.NewRequest(method, target, strings.NewReader(body)))
	return recorder.Code, recorder.Body.String()
}

// field returns one field of a JSON answer.
func field(t *testing.T, body, name string) any {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal([]byte(body), &fields); err != nil {
		t.Fatalf("%q is not JSON: %v", body, err)
	}
	return fields[name]
}

func TestHealthzSaysOk(t *testing.T) {
	if status, body := ask("GET", "/healthz", ""); status != 200 || body != "ok" {
		t.Errorf("got %d %q", status, body)
	}
}

func TestErrorsAreJSON(t *testing.T) {
	for _, c := range []struct {
		method, target string
		want           int
	}{
		{"GET", "/nowhere", 404},
		{"GET", "/healthz/", 404},
		{"POST", "/healthz", 405},
		{"GET", "/tmp", 405},
		{"GET", "/slow?ms=soon", 400},
		{"GET", "/slow?ms=-1", 400},
		{"GET", "/time?tz=Mars/Olympus", 500},
	} {
		status, body := ask(c.method, c.target, "")
		if message, _ := field(t, body, "error").(string); status != c.want || message == "" {
			t.Errorf("%s %s: got %d %q, want %d", c.method, c.target, status, body, c.want)
		}
	}
}

func TestLargeBodiesAreRefused(t *testing.T) {
	if status, _ := ask("POST", "/tmp", strings.Repeat("x", maxBody+1)); status != 413 {
		t.Errorf("got %d", status)
	}
}

func TestAboutNamesTheProcess(t *testing.T) {
	status, body := ask("GET", "/", "")
	if status != 200 || field(t, body, "track") != "go" || field(t, body, "pid") != float64(os.Getpid()) ||
		field(t, body, "uid") != float64(os.Getuid()) || field(t, body, "gid") != float64(os.Getgid()) {
		t.Errorf("got %d %s", status, body)
	}
}

func TestAboutTellsTheBuildProofIfThereIsOne(t *testing.T) {
	if _, body := ask("GET", "/", ""); field(t, body, "buildProof") != nil {
		t.Errorf("a build without a secret proves one: %s", body)
	}
	BuildProof = "c0ffee"
	t.Cleanup(func() { BuildProof = "" })
	if _, body := ask("GET", "/", ""); field(t, body, "buildProof") != "c0ffee" {
		t.Errorf("got %s", body)
	}
}

func TestUserNameDoesNotTrustTheEnvironment(t *testing.T) {
	t.Setenv("USER", "somebody")
	if name := userName(4_000_000); name != nil {
		t.Errorf("an unknown uid got the name %q", *name)
	}
}

func TestProcStatusIsSplit(t *testing.T) {
	fields := procStatus("Name:\tapp\nCapEff:\t00000000a80425fb\nNoNewPrivs:\t1\nbroken\n")
	if fields["CapEff"] != "00000000a80425fb" || fields["NoNewPrivs"] != "1" || len(fields) != 3 {
		t.Errorf("got %v", fields)
	}
}

func TestSlowIsBounded(t *testing.T) {
	begin := time.Now()
	if status, body := ask("GET", "/slow?ms=120", ""); status != 200 || time.Since(begin) < 120*time.Millisecond {
		t.Errorf("got %d %s after %s", status, body, time.Since(begin))
	}
}

func TestClockKnowsOddOffsets(t *testing.T) {
	winter := time.Date(2026, 1, 2, 3, 4, 5, 678, time.UTC)
	for zone, want := range map[string]clock{
		"Asia/Kathmandu":   {"2026-01-02T08:49:05+05:45", "+05:45"},
		"America/St_Johns": {"2026-01-01T23:34:05-03:30", "-03:30"},
		"UTC":              {"2026-01-02T03:04:05+00:00", "+00:00"},
		"":                 {"2026-01-02T03:04:05+00:00", "+00:00"},
	} {
		if got, err := clockIn(zone, winter); err != nil || got != want {
			t.Errorf("%q: got %v, %v", zone, got, err)
		}
	}
}

func TestClockRefusesWhatIsNoZone(t *testing.T) {
	for _, zone := range []string{"Mars/Olympus", "Local", "../../etc/passwd", "/etc/localtime", "+02:00"} {
		if got, err := clockIn(zone, time.Now()); err == nil {
			t.Errorf("%q: got %v", zone, got)
		}
	}
}

func TestTmpLeavesNothingBehind(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	status, body := ask("POST", "/tmp", "")
	path, _ := field(t, body, "path").(string)
	if status != 200 || !strings.HasPrefix(path, os.TempDir()) {
		t.Errorf("got %d %s", status, body)
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestTmpFailsWithoutADirectory(t *testing.T) {
	t.Setenv("TMPDIR", "/no/such/directory")
	status, body := ask("POST", "/tmp", "")
	if message, _ := field(t, body, "error").(string); status != http.StatusInternalServerError || message == "" {
		t.Errorf("got %d %s", status, body)
	}
}
