package declare

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func read(t *testing.T, paths ...string) *Declaration {
	t.Helper()
	d, err := Read(paths...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// files writes files into a folder of their own, and returns it.
func files(t *testing.T, contents map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range contents {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestReadAcceptsEverythingThatMayBeWritten(t *testing.T) {
	for _, name := range []string{"good", "good-csv"} {
		t.Run(name, func(t *testing.T) {
			d := read(t, filepath.Join("testdata", name))
			if len(d.Report) > 0 {
				t.Fatalf("problems:\n%s", d.Report)
			}
			text, err := json.MarshalIndent(d.Programme, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".golden.json", string(text)+"\n")
		})
	}
}

func TestReadReportsEveryProblemAtOnce(t *testing.T) {
	for _, name := range []string{"bad", "bad-csv"} {
		t.Run(name, func(t *testing.T) {
			d := read(t, filepath.Join("testdata", name))
			if !d.Report.Refused() {
				t.Error("not refused")
			}
			golden(t, name+".golden.txt", strings.ReplaceAll(d.Report.String(), filepath.Join("testdata", name)+string(filepath.Separator), ""))
		})
	}
}
