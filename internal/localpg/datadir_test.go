package localpg

import (
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDefaultDir(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		goos string
		euid int
		env  map[string]string
		want string
	}{
		{"root", "linux", 0, map[string]string{"HOME": "/root", "XDG_DATA_HOME": "/root/x"}, "/var/lib/citygauge"},
		{"user", "linux", 1000, map[string]string{"HOME": "/home/ada"}, "/home/ada/.local/share/citygauge"},
		{"XDG", "linux", 1000, map[string]string{"HOME": "/home/ada", "XDG_DATA_HOME": "/big"}, "/big/citygauge"},
		{"relative XDG", "linux", 1000, map[string]string{"HOME": "/home/ada", "XDG_DATA_HOME": "big"}, "/home/ada/.local/share/citygauge"},
		{"macOS", "darwin", 501, map[string]string{"HOME": "/Users/ada"}, "/Users/ada/Library/Application Support/citygauge"},
		{"homeless", "linux", 1000, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := defaultDir(c.goos, c.euid, func(name string) string { return c.env[name] })
			if got != c.want || (err == nil) != (c.want != "") {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

// With TMPDIR and the working directory changed, this test and the next cannot run beside others.
func TestLongPaths(t *testing.T) {
	dir := newDir(t)
	long := strings.Repeat("long/", 40)
	temp := filepath.Join(dir, "tmp", long)
	if err := os.MkdirAll(temp, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	s := start(t, filepath.Join(dir, long))
	if path := filepath.Join(s.Socket(), socketName(s.port)); len(path) > maxSocketPath || s.Socket() == "" {
		t.Errorf("the socket's path %q has %d bytes", path, len(path))
	}
	db := connect(t, s.SuperuserURL("postgres"))
	query[int](t, db, `select 1`)
	db.Close()
	stop(t, s)
}

func TestUnreadableWorkingDirectory(t *testing.T) {
	needRoot(t)
	dir := newCluster(t)
	t.Chdir(t.TempDir())
	if err := os.Chmod(".", 0o700); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
}

func TestDirectoryThatPostgresCannotEnter(t *testing.T) {
	needRoot(t)
	t.Parallel()
	closed := t.TempDir()
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(closed), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Dir: filepath.Join(closed, "a", "b")})
	if err == nil || !strings.Contains(err.Error(), "cannot enter "+closed+": choose another --data-dir") {
		t.Errorf("got %v, want an error that names %s and --data-dir", err, closed)
	}
}

func TestForeignContents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		prepare func(dir string) error
		want    string // in the error
	}{
		{"an empty cluster", func(dir string) error { return os.Mkdir(filepath.Join(dir, clusterDir), 0o755) }, "belongs to root"},
		{"a full one", func(dir string) error { return os.MkdirAll(filepath.Join(dir, clusterDir, "photos"), 0o755) }, "belongs to root"},
	} {
		t.Run(c.name, func(t *testing.T) {
			needRoot(t)
			dir := newDir(t)
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := c.prepare(dir); err != nil {
				t.Fatal(err)
			}
			_, err := Start(t.Context(), Options{Dir: dir})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
	t.Run("a path that a shell would change", func(t *testing.T) {
		_, err := Start(t.Context(), Options{Dir: filepath.Join(newDir(t), "$HOME")})
		if err == nil || !strings.Contains(err.Error(), "choose another --data-dir") {
			t.Errorf("got %v, want an error that names --data-dir", err)
		}
	})
	t.Run("other things are left alone", func(t *testing.T) {
		dir := newDir(t)
		if err := os.MkdirAll(filepath.Join(dir, "photos"), 0o755); err != nil {
			t.Fatal(err)
		}
		start(t, dir)
		for _, name := range []string{"", "photos"} {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if uid, _, _ := owner(info); uid != os.Geteuid() || info.Mode().Perm() != 0o755 {
				t.Errorf("%q now belongs to %d and has mode %v", name, uid, info.Mode())
			}
		}
	})
}

// An ordinary user runs Postgres as themselves, and root that comes later does so, too.
func TestOrdinaryUser(t *testing.T) {
	needRoot(t)
	t.Parallel()
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Skip(err)
	}
	uid, uidErr := strconv.Atoi(nobody.Uid)
	gid, gidErr := strconv.Atoi(nobody.Gid)
	if uidErr != nil || gidErr != nil {
		t.Fatal(uidErr, gidErr)
	}
	dir := newDir(t)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(filepath.Dir(dir), "citygauge")
	copyBinary(t, binary)

	other := startHolder(t, dir, func(cmd *exec.Cmd) {
		cmd.Path, cmd.Args, cmd.Dir = binary, []string{binary}, "/"
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	})
	url := other.ready(t)
	s := start(t, dir)
	if diff := cmp.Diff(url, s.SuperuserURL("postgres")); diff != "" {
		t.Errorf("root uses another server (-nobody +root):\n%s", diff)
	}
	other.leave(t)
	stop(t, s)
	s = start(t, dir)
	info, err := os.Stat(filepath.Join(s.Socket(), socketName(s.port)))
	if err != nil {
		t.Fatal(err)
	}
	if got, _, _ := owner(info); got != uid {
		t.Errorf("root started it as user %d, want %d", got, uid)
	}
	stop(t, s)
	// Nothing of root's is in the way of the owner.
	other = startHolder(t, dir, func(cmd *exec.Cmd) {
		cmd.Path, cmd.Args, cmd.Dir = binary, []string{binary}, "/"
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	})
	other.ready(t)
	other.leave(t)
}

// copyBinary puts the test binary where everybody can run it.
func copyBinary(t *testing.T, to string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
