//go:build drill

package service

import (
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// upAndThen leads out of the folder to an absolute path.
func upAndThen(path string) string {
	return url.QueryEscape("../../../.." + path)
}

func TestDrillSaysThatItIsVulnerable(t *testing.T) {
	for _, target := range []string{"/drill/ping?host=", "/drill/file?name=none"} {
		recorder := httptest.NewRecorder()
		Handler().ServeHTTP(recorder, httptest.NewRequest("GET", target, nil))
		if !strings.Contains(recorder.Header().Get("X-Vulnerable"), "by design") ||
			!strings.Contains(recorder.Body.String(), `"vulnerable":"by design`) {
			t.Errorf("%s: got %v %s", target, recorder.Header(), recorder.Body)
		}
	}
}

func TestDrillPingRunsWhatIsInjected(t *testing.T) {
	status, body := ask("GET", "/drill/ping?host="+url.QueryEscape("; echo x-$((17*23))"), "")
	if output, _ := field(t, body, "output").(string); status != 200 || !strings.Contains(output, "x-391") {
		t.Errorf("got %d %s", status, body)
	}
}

func TestDrillPingNeedsAShell(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	status, body := ask("GET", "/drill/ping?host="+url.QueryEscape("; echo x"), "")
	if message, _ := field(t, body, "error").(string); status != 500 || !strings.Contains(message, "sh") {
		t.Errorf("got %d %s", status, body)
	}
}

func TestDrillFileLeadsAnywhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte("out of bounds"), 0o644); err != nil {
		t.Fatal(err)
	}
	status, body := ask("GET", "/drill/file?name="+upAndThen(path), "")
	if status != 200 || field(t, body, "output") != "out of bounds" {
		t.Errorf("got %d %s", status, body)
	}
}

func TestDrillFileShowsOnlyABeginning(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(path, make([]byte, maxDrillShown+1), 0o644); err != nil {
		t.Fatal(err)
	}
	_, body := ask("GET", "/drill/file?name="+upAndThen(path), "")
	if output, _ := field(t, body, "output").(string); len(output) != maxDrillShown {
		t.Errorf("got %d bytes", len(output))
	}
}

func TestDrillSaveReplacesWhatItMay(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "program")
	if err := os.WriteFile(path, []byte("before"), 0o555); err != nil {
		t.Fatal(err)
	}
	status, body := ask("POST", "/drill/save?text=after&name="+upAndThen(path), "")
	if content, _ := os.ReadFile(path); status != 200 || string(content) != "after" {
		t.Errorf("got %d %s, and the file says %q", status, body, content)
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDrillSaveTellsWhyItCannot(t *testing.T) {
	status, body := ask("POST", "/drill/save?text=x&name="+upAndThen("/no/such/folder/file"), "")
	if message, _ := field(t, body, "error").(string); status != 500 || message == "" {
		t.Errorf("got %d %s", status, body)
	}
}
