// Package testgolden compares what a test got with a golden file, which `make
// golden` rewrites. Tests alone import it.
package testgolden

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Updating says whether golden files are to be rewritten. That is said by the
// environment, since a flag would stop the packages that have no such file.
func Updating() bool { return os.Getenv("UPDATE_GOLDEN") != "" }

// Check holds what a test got to the file at path, from the package's folder.
func Check(t testing.TB, path, got string) {
	t.Helper()
	if Updating() {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); if what was got is right, run make golden:\n%s", path, diff)
	}
}
