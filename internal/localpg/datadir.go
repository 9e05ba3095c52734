package localpg

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// The names in a data directory.
const (
	clusterDir   = "postgres"
	unfinished   = "postgres.new" // a cluster that initdb has not finished
	passwordFile = "password"
	logFile      = "postgres.log"
	addressFile  = "address.json"
	usersLock    = "lock"
	changeLock   = "lock.change"
)

// DefaultDir returns where the data are kept unless the user says otherwise: /var/lib/citygauge for root, else citygauge
// in $XDG_DATA_HOME or, without one, in ~/.local/share (macOS: ~/Library/Application Support).
func DefaultDir() (string, error) {
	return defaultDir(runtime.GOOS, os.Geteuid(), os.Getenv)
}

func defaultDir(goos string, euid int, getenv func(string) string) (string, error) {
	const name = "citygauge"
	if euid == 0 {
		return filepath.Join("/var/lib", name), nil
	}
	// A relative path is to be ignored, says the XDG Base Directory Specification.
	if xdg := getenv("XDG_DATA_HOME"); filepath.IsAbs(xdg) {
		return filepath.Join(xdg, name), nil
	}
	home := getenv("HOME")
	switch {
	case home == "":
		return "", errors.New("find a place for the data: HOME is not set; set it, or choose a directory with --data-dir")
	case goos == "darwin":
		return filepath.Join(home, "Library", "Application Support", name), nil
	default:
		return filepath.Join(home, ".local", "share", name), nil
	}
}

// dataDir is an open data directory and the account to which everything in it belongs. Files are reached through root,
// never by path: where the directory belongs to somebody else than us, a link in it must not lead us out.
type dataDir struct {
	path string // absolute, without symbolic links
	root *os.Root
	as   account
}

// openDataDir creates the directory if it does not exist and chooses the account.
func openDataDir(path string) (*dataDir, error) {
	if path == "" {
		var err error
		if path, err = DefaultDir(); err != nil {
			return nil, err
		}
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("%w (choose another place with --data-dir)", err)
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%w (choose another place with --data-dir)", err)
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return nil, err
	}
	if err := startable(path); err != nil {
		return nil, err
	}
	as, err := accountFor(path)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	d := &dataDir{path: path, root: root, as: as}
	if err := d.claim(); err != nil {
		return nil, errors.Join(fmt.Errorf("%w (choose another place with --data-dir)", err), root.Close())
	}
	return d, nil
}

// claim gives a new directory to the account. One that has contents is left as it is: somebody may have named their
// home by mistake, or put other things there on purpose.
func (d *dataDir) claim() error {
	handle, err := d.root.Open(".")
	if err != nil {
		return err
	}
	defer handle.Close()
	info, err := handle.Stat()
	if err != nil {
		return err
	}
	if _, err := handle.Readdirnames(1); !errors.Is(err, io.EOF) || info.Mode()&os.ModeSticky != 0 {
		return err
	}
	if err := d.give(handle); err != nil {
		return err
	}
	return handle.Chmod(0o700)
}

func (d *dataDir) close() error { return d.root.Close() }

// file returns the path of something in the directory, for messages and for programs that we start.
func (d *dataDir) file(name string) string { return filepath.Join(d.path, name) }

// open opens a file, or creates one that belongs to the account and that nobody else can read.
func (d *dataDir) open(name string, flags int) (*os.File, error) {
	for {
		f, err := d.root.OpenFile(name, flags, 0)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
		f, err = d.root.OpenFile(name, flags|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue // another process was faster
		}
		if err != nil {
			return nil, err
		}
		if err := d.give(f); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return f, nil
	}
}

// give makes the account the owner of what we have just made; never of what we have found, which may be a link.
func (d *dataDir) give(f *os.File) error {
	if !d.as.drop {
		return nil
	}
	return f.Chown(d.as.uid, d.as.gid)
}

// write replaces a file as a whole, so that neither a crash nor a reader ever sees half of it.
func (d *dataDir) write(name, content string) error {
	fresh := name + ".new"
	if err := d.root.RemoveAll(fresh); err != nil {
		return err
	}
	f, err := d.open(fresh, os.O_WRONLY)
	if err != nil {
		return err
	}
	_, err = f.WriteString(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return d.rename(fresh, name)
}

// rename renames within the directory, for good: the new name survives a power failure.
func (d *dataDir) rename(from, to string) error {
	if err := d.root.Rename(from, to); err != nil {
		return err
	}
	parent, err := d.root.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	return errors.Join(parent.Sync(), parent.Close())
}
