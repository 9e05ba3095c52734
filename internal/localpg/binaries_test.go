package localpg

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// install makes a directory that looks like an installation of Postgres whose version is in its name.
func install(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range programs {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	at := t.TempDir()
	for _, dir := range []string{"lib/9/bin", "lib/14/bin", "lib/15/bin", "lib/17/bin", "path16", "lib/x/broken"} {
		install(t, filepath.Join(at, dir))
	}
	half := filepath.Join(at, "half18")
	if err := os.MkdirAll(half, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "postgres"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	version := func(dir string) (int, error) {
		if strings.HasSuffix(dir, "broken") {
			return 0, errors.New("exec format error")
		}
		rel, err := filepath.Rel(at, dir)
		if err != nil {
			return 0, err
		}
		return strconv.Atoi(digits.FindString(rel))
	}
	usual := []string{filepath.Join(at, "lib/*/bin")}
	for _, c := range []struct {
		name   string
		search search
		want   string
		fault  string
	}{
		{"newest", search{places: usual}, "lib/17/bin", ""},
		{"PATH first", search{path: "relative:" + filepath.Join(at, "path16"), places: usual}, "path16", ""},
		{"half an installation is none", search{path: half, places: usual}, "lib/17/bin", ""},
		{"the version of the data", search{path: filepath.Join(at, "path16"), places: usual, major: 15}, "lib/15/bin", ""},
		{"the user's choice", search{binDir: filepath.Join(at, "lib/15/bin"), path: filepath.Join(at, "path16"), places: usual}, "lib/15/bin", ""},
		{"one that does not run is passed over", search{path: filepath.Join(at, "lib/x/broken"), places: usual}, "lib/17/bin", ""},
		{"the user's choice does not run", search{binDir: filepath.Join(at, "lib/x/broken")}, "", "use the Postgres of --postgres-bin: exec format error"},
		{
			"nothing installed",
			search{},
			"",
			"Postgres 15 or newer is not installed: looked in PATH and the usual places; install it (Debian, Ubuntu: apt-get install postgresql; " +
				"Fedora: dnf install postgresql-server; macOS: brew install postgresql@17), or say with --postgres-bin where initdb, pg_ctl, postgres are",
		},
		{
			"too old",
			search{path: filepath.Join(at, "lib/14/bin")},
			"",
			"Postgres 15 or newer is not installed: looked in PATH and the usual places, found only 14 in $AT/lib/14/bin; install it (Debian, Ubuntu: apt-get install postgresql; " +
				"Fedora: dnf install postgresql-server; macOS: brew install postgresql@17), or say with --postgres-bin where initdb, pg_ctl, postgres are",
		},
		{
			"the user's choice does not suit the data",
			search{binDir: filepath.Join(at, "lib/17/bin"), major: 16},
			"",
			"the data were made by Postgres 16, which is not installed in $AT/lib/17/bin, found only 17 in $AT/lib/17/bin; install it (Debian, Ubuntu: apt-get install postgresql-16; " +
				"Fedora: dnf install postgresql16-server; macOS: brew install postgresql@16), or say with --postgres-bin where initdb, pg_ctl, postgres are",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.search.version = version
			got, err := c.search.find(t.Context())
			fault := ""
			if err != nil {
				fault = strings.ReplaceAll(err.Error(), at, "$AT")
			}
			want := ""
			if c.want != "" {
				want = filepath.Join(at, c.want)
			}
			if diff := cmp.Diff([]string{want, c.fault}, []string{got.dir, fault}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestStartWithoutBinaries(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	_, err := Start(t.Context(), Options{Dir: newDir(t), BinDir: empty})
	missing, ok := errors.AsType[*NotInstalledError](err)
	if !ok {
		t.Fatalf("got %v, want a NotInstalledError", err)
	}
	if diff := cmp.Diff(&NotInstalledError{BinDir: empty}, missing); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStartWithDataOfAnotherVersion(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	d, err := openDataDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	if err := d.write(clusterDir+"/PG_VERSION", "99\n"); err != nil {
		t.Fatal(err)
	}
	_, err = Start(t.Context(), Options{Dir: dir})
	missing, ok := errors.AsType[*NotInstalledError](err)
	if !ok || missing.Major != 99 || !strings.Contains(err.Error(), "apt-get install postgresql-99;") {
		t.Errorf("got %v, want a NotInstalledError that names postgresql-99", err)
	}
}

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]int{
		"postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n": 15,
		"postgres (PostgreSQL) 9.6.24\n":                         9,
		"postgres (PostgreSQL) 18beta1\n":                        18,
		"postgres (PostgreSQL) 19devel\n":                        19,
		"postgres (PostgreSQL) \n":                               0,
		"pg_ctl 15\n":                                            0,
		"":                                                       0,
	} {
		got, err := parseVersion(said)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: got %d, %v; want %d", said, got, err, want)
		}
	}
}

func ExampleNotInstalledError() {
	fmt.Println(&NotInstalledError{Major: 16, Found: []string{"15 in /usr/lib/postgresql/15/bin"}})
	// Output:
	// the data were made by Postgres 16, which is not installed: looked in PATH and the usual places, found only 15 in /usr/lib/postgresql/15/bin; install it (Debian, Ubuntu: apt-get install postgresql-16; Fedora: dnf install postgresql16-server; macOS: brew install postgresql@16), or say with --postgres-bin where initdb, pg_ctl, postgres are
}
