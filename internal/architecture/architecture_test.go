package architecture_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pure are the packages that every adapter may import: the nouns, what is
// computed from them and what that is called, and the use cases of taking data
// in and of who may do so.
var pure = []string{
	"internal/programme", "internal/progress", "internal/explain", "internal/metric", "internal/declare", "internal/intake", "internal/upload",
	"internal/account", "internal/source",
}

// layout is every package of the module, with the others of it that it may
// import. What an adapter needs of another adapter, it declares as a small
// interface.
var layout = rules{
	"internal/programme": {},
	"internal/progress":  {"internal/programme"},
	"internal/explain":   {"internal/programme", "internal/progress"},
	"internal/backtest":  {"internal/programme", "internal/progress"},
	"internal/metric":    {"internal/progress"},
	"internal/source":    {"internal/programme"},
	"internal/declare":   {"internal/programme"},
	"internal/intake":    {"internal/programme"},
	"internal/upload":    {"internal/programme", "internal/progress", "internal/declare", "internal/intake"},
	"internal/account":   {"internal/upload"},

	"collector":            pure,
	"dashboards":           pure,
	"internal/demo":        pure,
	"internal/export":      pure,
	"internal/exposition":  pure,
	"internal/localpg":     pure,
	"internal/store":       pure,
	"internal/web":         append([]string{"internal/web/words", "internal/web/chart"}, pure...),
	"internal/web/words":   {"internal/programme", "internal/progress"},
	"internal/web/chart":   {"internal/programme", "internal/progress"},
	"internal/web/grafana": {},
	"internal/web/api":     pure,

	"dashboards/generate":     {"dashboards"},
	"dashboards/provision":    append([]string{"dashboards"}, pure...),
	"deploy/grafana":          {},
	"deploy/grafana/generate": {"deploy/grafana"},
	"deploy/prometheus":       {},
	"internal/testdb":         {"internal/localpg", "internal/store"},
	"internal/bench":          {},
	"internal/testgolden":     {},
	"internal/testgrafana":    {},
	"internal/testlog":        {},
	"internal/testnet":        {},
	"internal/testprom":       {},
	"cmd/citygauge":           {everything},
}

func TestImportsRunOneWay(t *testing.T) {
	for _, fault := range layout.faults(readImports(t, "../..")) {
		t.Error(fault)
	}
}

// readImports reads what the packages of a module import, in files for any
// platform but not in tests. Ours are named by their folder.
func readImports(t *testing.T, root string) imports {
	t.Helper()
	found := imports{}
	files := os.DirFS(root)
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && (base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(name)
		if found[pkg] == nil {
			found[pkg] = []string{} // it may import nothing
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[pkg] = append(found[pkg], strings.TrimPrefix(imported, module))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found["internal/programme"]) == 0 {
		t.Fatalf("no imports of internal/programme found: %q is not the root of the module", root)
	}
	return found
}

func TestFaults(t *testing.T) {
	table := rules{
		"internal/programme": {},
		"internal/store":     {"internal/programme"},
		"internal/web":       {"internal/programme"},
		"internal/testdb":    {"internal/store"},
		"cmd/citygauge":      {everything},
	}
	sound := imports{
		"internal/programme": {"fmt", "database/sql/driver"},
		"internal/store":     {"internal/programme", "github.com/lib/pq"},
		"internal/web":       {"internal/programme", "net/http"},
		"internal/testdb":    {"internal/store", "testing"},
		"cmd/citygauge":      {"internal/store", "internal/web", "github.com/alecthomas/kong"},
	}
	for _, c := range []struct {
		name    string
		pkg     string
		imports []string
		want    []string
	}{
		{"as it should be", "internal/web", sound["internal/web"], nil},
		{
			"an adapter imports another", "internal/web",
			[]string{"internal/store"},
			[]string{"internal/web imports internal/store, which the layout does not let it: declare a small interface for what it needs, or move the code"},
		},
		{
			"against the stream", "internal/programme",
			[]string{"internal/store"},
			[]string{"internal/programme imports internal/store, which the layout does not let it: declare a small interface for what it needs, or move the code"},
		},
		{
			"the nouns lean on somebody", "internal/programme",
			[]string{"golang.org/x/text/currency"},
			[]string{"internal/programme imports golang.org/x/text/currency: it does with the standard library"},
		},
		{
			"a test database outside tests", "cmd/citygauge",
			[]string{"internal/testdb"},
			[]string{"cmd/citygauge imports internal/testdb, which is for tests alone"},
		},
		{
			"a package that the layout does not know", "internal/forecast", nil,
			[]string{"internal/forecast is not in the layout: add it there, with the packages of ours that it may import"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			graph := maps.Clone(sound)
			graph[c.pkg] = c.imports
			if diff := cmp.Diff(c.want, table.faults(graph)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("a package that is no more", func(t *testing.T) {
		want := []string{"internal/programme is in the layout, but there is no such package: take it out"}
		if diff := cmp.Diff(want, rules{"internal/programme": {}}.faults(imports{})); diff != "" {
			t.Errorf("faults (-want +got):\n%s", diff)
		}
	})
}
