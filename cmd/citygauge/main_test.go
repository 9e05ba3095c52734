package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/citygauge/citygauge/internal/testdb"
)

func TestMain(m *testing.M) {
	testscript.Main(suite{m}, map[string]func(){"citygauge": main})
}

// suite runs the tests, and removes what they built.
type suite struct{ *testing.M }

func (s suite) Run() int {
	code := testdb.Main(s.M)
	if binary.folder != "" {
		os.RemoveAll(binary.folder)
	}
	return code
}

// binary is the program as it is shipped, built by the first test that kills
// it.
var binary struct {
	sync.Once
	folder string
	err    error
}

// build builds it in a folder that outlives the test.
func build() {
	if binary.folder, binary.err = os.MkdirTemp("", "citygauge-test-"); binary.err != nil {
		return
	}
	var said []byte
	said, binary.err = exec.Command("go", "build", "-o", binary.folder, ".").CombinedOutput()
	os.Stderr.Write(said)
}

func built(t testing.TB) string {
	t.Helper()
	binary.Do(build)
	if binary.err != nil {
		t.Fatalf("build citygauge: %v", binary.err)
	}
	return filepath.Join(binary.folder, "citygauge")
}
