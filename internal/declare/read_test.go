package declare

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/testgolden"
)

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
			testgolden.Check(t, "testdata/"+name+".golden.json", string(text)+"\n")
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
			testgolden.Check(t, "testdata/"+name+".golden.txt", strings.ReplaceAll(d.Report.String(), filepath.Join("testdata", name)+string(filepath.Separator), ""))
		})
	}
}
