package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const said = `goos: linux
goarch: amd64
pkg: example.org/gauge
cpu: Sample
BenchmarkImport/first-load-2         	       3	         1.000 copy-s	         4.500 import-s	        36.40 peak-MB	         5.000 psql-s	         4.500 x-copy	         0.9000 x-psql
--- BENCH: BenchmarkImport/first-load-2
    import_bench_test.go:79: the server was asked
BenchmarkScrape-2                    	      10	         1.250 first-byte-ms	      1179 promhttp-ms	         0.2500 scrape-ms	         0.000212 x-promhttp
BenchmarkCrowd                       	       1	        12.34 ready-s
PASS
ok  	example.org/gauge	12.3s
`

var sampleLines = []line{
	{"all new", "Import/first-load", "x-psql", 1, "import-s", "psql by hand", "psql-s"},
	{"… memory", "Import/first-load", "peak-MB", 150, "", "", ""},
	{"30,000 series", "Scrape", "x-promhttp", 0, "scrape-ms", "promhttp", "promhttp-ms"},
	{"first byte", "Scrape", "first-byte-ms", 1, "", "", ""},
	{"start", "Crowd", "ready-s", 15, "", "", ""},
}

func sampleReport(t *testing.T) report {
	t.Helper()
	measured, err := read(strings.NewReader(said))
	if err != nil {
		t.Fatal(err)
	}
	r := report{machine: machine{processor: "Sample", cores: 2, memory: 8, kernel: "6.1", load: "0.01", versions: []string{"Go 1.26"}}, took: 17 * time.Minute}
	for n, l := range sampleLines {
		row, err := l.of(measured)
		if err != nil {
			t.Fatal(err)
		}
		row.part = []string{"import", "import", "scrape", "scrape", "serve"}[n]
		r.rows = append(r.rows, row)
	}
	return r
}

func TestTable(t *testing.T) {
	folder := t.TempDir()
	if err := sampleReport(t).keep(folder); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"benchmarks.md": `| part | what | measured | beside | ratio | goal | met |
|---|---|---|---|---|---|---|
| import | all new | 4.50 s | psql by hand 5 s | 0.900 × | ≤ 1 × | yes |
|  | … memory | 36.4 MB |  |  | ≤ 150 MB | yes |
| scrape | 30,000 series | 0.250 ms | promhttp 1179 ms | 0.000212 × |  |  |
|  | first byte | 1.25 ms |  |  | ≤ 1 ms | no |
| serve | start | 12.3 s |  |  | ≤ 15 s | yes |
`,
		"benchmarks.csv": `part,what,benchmark,unit,value,goal,met,ours_unit,ours,peer,peer_unit,peers
import,all new,Import/first-load,x-psql,0.9,1,true,import-s,4.5,psql by hand,psql-s,5
import,… memory,Import/first-load,peak-MB,36.4,150,true,,,,,
scrape,"30,000 series",Scrape,x-promhttp,0.000212,,,scrape-ms,0.25,promhttp,promhttp-ms,1179
scrape,first byte,Scrape,first-byte-ms,1.25,1,false,,,,,
serve,start,Crowd,ready-s,12.34,15,true,,,,,
`,
	} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		got := string(text)
		if name == "benchmarks.md" {
			for _, told := range []string{"Sample, 2 cores, 8 GB, Linux 6.1, load 0.01 before; Go 1.26", "everything, 17 minutes"} {
				if !strings.Contains(got, told) {
					t.Errorf("%s does not say %q:\n%s", name, told, got)
				}
			}
			_, table, _ := strings.Cut(got, "\n| part")
			got = "| part" + table
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestMissedGoal(t *testing.T) {
	const want = "missed: first-byte-ms of BenchmarkScrape is 1.25 ms, and should be at most 1 ms"
	if err := sampleReport(t).missed(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A benchmark that no longer measures what the table shows is no empty line.
func TestNothingMeasured(t *testing.T) {
	for _, l := range []line{{benchmark: "Import/reload", figure: "x-psql"}, {benchmark: "Crowd", figure: "ready-s", ours: "ready-s", theirs: "psql-s"}} {
		measured, err := read(strings.NewReader(said))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.of(measured); err == nil || !strings.Contains(err.Error(), "by Benchmark"+l.benchmark+": ") {
			t.Errorf("%s: %v", l.benchmark, err)
		}
	}
}

// Every suite runs benchmarks that there are.
func TestSuitesAreThere(t *testing.T) {
	for _, s := range suites {
		files, err := filepath.Glob(filepath.Join("../..", s.pkg, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
		for _, l := range s.lines {
			name, _, _ := strings.Cut(l.benchmark, "/")
			if !strings.Contains(all.String(), "\nfunc Benchmark"+name+"(b *testing.B)") {
				t.Errorf("%s has no Benchmark%s", s.pkg, name)
			}
			if !strings.Contains(s.benchmark, "^Benchmark"+name+"$") {
				t.Errorf("%s is not run by %s", l.benchmark, s.benchmark)
			}
		}
	}
}

func TestPartThatIsNone(t *testing.T) {
	_, err := choose([]string{"import", "lunch"})
	if want := `there is no part "lunch": choose among import, preview, judge, scrape, serve, dashboards, collect`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
