package backup_test

import (
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/citygauge/citygauge/internal/localpg"
)

// dir is a folder for a server's data that the user that Postgres runs as can
// reach.
func dir(t *testing.T) string {
	t.Helper()
	at := t.TempDir()
	for _, d := range []string{at, filepath.Dir(at)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(at, "data")
}

// server is a Postgres of its own.
func server(t *testing.T, dir string, settings map[string]string) *localpg.Server {
	t.Helper()
	all := map[string]string{"fsync": "off", "shared_buffers": "32MB"}
	maps.Copy(all, settings)
	s, err := localpg.Start(t.Context(), localpg.Options{Dir: dir, Settings: all})
	if err != nil {
		t.Fatalf("a real Postgres is needed: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func secret(t *testing.T, s *localpg.Server) string {
	t.Helper()
	password, _ := parsed(t, s.SuperuserURL("postgres")).User.Password()
	return password
}

func parsed(t *testing.T, at string) *url.URL {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func withLogin(t *testing.T, at, login string) string {
	u := parsed(t, at)
	u.User = url.UserPassword(login, password)
	return u.String()
}

// elsewhere is a URL with the same login at another server.
func elsewhere(t *testing.T, at string, s *localpg.Server) string {
	u := parsed(t, s.SuperuserURL(database))
	u.User = parsed(t, at).User
	return u.String()
}

// program is citygauge, built by the first test that needs it, in a folder that
// outlives the test.
var program struct {
	sync.Once
	folder string
	err    error
}

func build() {
	if program.folder, program.err = os.MkdirTemp("", "citygauge-drill-"); program.err != nil {
		return
	}
	var said []byte
	said, program.err = exec.Command("go", "build", "-o", program.folder, "../../cmd/citygauge").CombinedOutput()
	os.Stderr.Write(said)
}

func TestMain(m *testing.M) {
	code := m.Run()
	if program.folder != "" {
		os.RemoveAll(program.folder)
	}
	os.Exit(code)
}

// citygauge runs a command, which must end well, and returns what it wrote.
func citygauge(t *testing.T, at string, args ...string) string {
	t.Helper()
	program.Do(build)
	if program.err != nil {
		t.Fatalf("build citygauge: %v", program.err)
	}
	var out, talk strings.Builder
	command := exec.CommandContext(t.Context(), filepath.Join(program.folder, "citygauge"), args...)
	command.Env = append(os.Environ(), "CITYGAUGE_DATABASE_URL="+at)
	command.Stdout, command.Stderr = &out, &talk
	if err := command.Run(); err != nil {
		t.Fatalf("citygauge %s: %v\n%s%s", strings.Join(args, " "), err, &out, &talk)
	}
	return out.String()
}
