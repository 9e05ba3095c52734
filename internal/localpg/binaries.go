package localpg

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// MinMajor is the oldest major version of Postgres that citygauge works with: the first with security_invoker views.
const MinMajor = 15

// programs is what a directory must hold to be of use.
var programs = []string{"initdb", "pg_ctl", "postgres"}

// usualPlaces are where packages put the programs when they are not in PATH.
var usualPlaces = []string{
	"/usr/lib/postgresql/*/bin",                       // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                // Fedora, RHEL: postgresql.org's packages
	"/usr/libexec/postgresql*",                        // Alpine
	"/opt/homebrew/opt/postgresql@*/bin",              // Homebrew on ARM
	"/opt/homebrew/opt/postgresql/bin",                //
	"/usr/local/opt/postgresql@*/bin",                 // Homebrew on Intel
	"/usr/local/opt/postgresql/bin",                   //
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin", // Homebrew on Linux
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// NotInstalledError says that there is no Postgres that could be started, and what to install. It is a fault of the
// environment: exit status 3.
type NotInstalledError struct {
	// Major is the version that the data need; 0 means that any from MinMajor on would do.
	Major int
	// BinDir is the directory that was asked for; empty means that all the usual places were searched.
	BinDir string
	// Found names the installations that will not do, such as "14 in /usr/lib/postgresql/14/bin".
	Found []string
}

// Error implements error.
func (e *NotInstalledError) Error() string {
	var b strings.Builder
	debian, fedora, brew := "postgresql", "postgresql-server", "postgresql@17"
	if e.Major == 0 {
		fmt.Fprintf(&b, "Postgres %d or newer is not installed", MinMajor)
	} else {
		debian = fmt.Sprintf("postgresql-%d", e.Major)
		fedora = fmt.Sprintf("postgresql%d-server", e.Major)
		brew = fmt.Sprintf("postgresql@%d", e.Major)
		fmt.Fprintf(&b, "the data were made by Postgres %d, which is not installed", e.Major)
	}
	if e.BinDir == "" {
		b.WriteString(": looked in PATH and the usual places")
	} else {
		fmt.Fprintf(&b, " in %s", e.BinDir)
	}
	if len(e.Found) > 0 {
		fmt.Fprintf(&b, ", found only %s", strings.Join(e.Found, ", "))
	}
	fmt.Fprintf(&b, "; install it (Debian, Ubuntu: apt-get install %s; Fedora: dnf install %s; macOS: brew install %s), or say with --postgres-bin where %s are",
		debian, fedora, brew, strings.Join(programs, ", "))
	return b.String()
}

// installation is a directory of Postgres's programs.
type installation struct {
	dir   string
	major int
}

func (i installation) program(name string) string { return filepath.Join(i.dir, name) }

// search finds an installation. Everything that it depends on is handed in, so that it can be tested anywhere.
type search struct {
	binDir  string                        // the only place, if not empty
	path    string                        // as in $PATH
	places  []string                      // globs, tried after path
	major   int                           // the version needed; 0 means any from MinMajor on
	version func(dir string) (int, error) // asks the programs in a directory
}

// binaries finds the programs for the data directory, and checks that its account can run them and get at the data.
func (d *dataDir) binaries(ctx context.Context, binDir string) (installation, error) {
	major, err := d.version()
	if err != nil {
		return installation{}, err
	}
	found, err := search{
		binDir: binDir,
		path:   os.Getenv("PATH"),
		places: usualPlaces,
		major:  major,
		version: func(dir string) (int, error) {
			said, err := run(ctx, d.as, invocation{program: filepath.Join(dir, "postgres"), args: []string{"--version"}})
			if err != nil {
				return 0, err
			}
			return parseVersion(said)
		},
	}.find(ctx)
	if err != nil {
		return installation{}, err
	}
	return found, d.as.enter(ctx, d.path, found.program("postgres"))
}

func (s search) find(ctx context.Context) (installation, error) {
	missing := &NotInstalledError{Major: s.major, BinDir: s.binDir}
	for _, dir := range s.candidates() {
		if !complete(dir) {
			continue
		}
		major, err := s.version(dir)
		switch {
		case ctx.Err() != nil:
			return installation{}, fmt.Errorf("look for Postgres: %w", context.Cause(ctx))
		case err != nil && s.binDir != "":
			return installation{}, fmt.Errorf("use the Postgres of --postgres-bin: %w", err)
		case err != nil:
			missing.Found = append(missing.Found, fmt.Sprintf("one in %s that does not run (%v)", dir, err))
		case major >= MinMajor && (s.major == 0 || s.major == major):
			return installation{dir: dir, major: major}, nil
		default:
			missing.Found = append(missing.Found, fmt.Sprintf("%d in %s", major, dir))
		}
	}
	return installation{}, missing
}

// candidates lists the directories to try, best first: what the user said, or PATH and then the newest.
func (s search) candidates() []string {
	if s.binDir != "" {
		dir, err := filepath.Abs(s.binDir)
		if err != nil {
			return nil
		}
		return []string{dir}
	}
	var dirs, packaged []string
	for _, dir := range filepath.SplitList(s.path) {
		if filepath.IsAbs(dir) {
			dirs = append(dirs, dir)
		}
	}
	for _, place := range s.places {
		matches, err := filepath.Glob(place)
		if err != nil {
			continue // a pattern of ours; the tests would show it
		}
		packaged = append(packaged, matches...)
	}
	slices.SortStableFunc(packaged, func(a, b string) int { return cmp.Compare(versionInPath(b), versionInPath(a)) })
	return append(dirs, packaged...)
}

// complete reports whether a directory holds all the programs.
func complete(dir string) bool {
	return !slices.ContainsFunc(programs, func(name string) bool {
		info, err := os.Stat(filepath.Join(dir, name))
		return err != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0
	})
}

var digits = regexp.MustCompile(`[0-9]+`)

// versionInPath is the major version that a package's path names, which is its last number; 0 if it names none.
func versionInPath(dir string) int {
	numbers := digits.FindAllString(dir, -1)
	if len(numbers) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(numbers[len(numbers)-1])
	return n
}

// parseVersion reads "postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)", "… 18beta1", "… 19devel".
func parseVersion(said string) (int, error) {
	_, version, ok := strings.Cut(said, "(PostgreSQL) ")
	major, err := strconv.Atoi(digits.FindString(version))
	if !ok || err != nil {
		return 0, fmt.Errorf("no Postgres: its --version says %q", strings.TrimSpace(said))
	}
	return major, nil
}
