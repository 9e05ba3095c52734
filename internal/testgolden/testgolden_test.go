package testgolden_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/testgolden"
)

// recorder is a test that keeps what it is told.
type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) { r.said += fmt.Sprintf(format, args...) }

func TestADifferenceIsSaidAndRewrittenWhereAskedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "golden.txt")
	check := func(got string) string {
		r := &recorder{TB: t}
		testgolden.Check(r, path, got)
		return r.said
	}
	t.Setenv("UPDATE_GOLDEN", "1")
	if said := check("three\n"); said != "" {
		t.Errorf("what was written differs: %s", said)
	}
	t.Setenv("UPDATE_GOLDEN", "")
	if said := check("three\n"); said != "" {
		t.Errorf("the same differs: %s", said)
	}
	if said := check("four\n"); !strings.Contains(said, path) || !strings.Contains(said, "four") {
		t.Errorf("of another text it is said: %q", said)
	}
}
