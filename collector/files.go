package collector

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// files are those that a run hands on, kept in a temporary folder so that they
// can be read several times.
type files struct {
	folder string
	kept   []keptFile
}

type keptFile struct {
	name   string
	path   string
	digest string
	size   int64
}

// keep copies a file.
func (f *files) keep(name string, content io.Reader) (err error) {
	if f.folder == "" {
		if f.folder, err = os.MkdirTemp("", "citygauge-source-*"); err != nil {
			return err
		}
	}
	copied, err := os.CreateTemp(f.folder, "*")
	if err != nil {
		return err
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(copied, sum), content)
	if err = errors.Join(err, copied.Close()); err != nil {
		return err
	}
	f.kept = append(f.kept, keptFile{name, copied.Name(), hex.EncodeToString(sum.Sum(nil)), size})
	return nil
}

// remove removes the copies.
func (f *files) remove() error {
	if f.folder == "" {
		return nil
	}
	return os.RemoveAll(f.folder)
}

func isLocal(name string) bool { return filepath.IsLocal(filepath.FromSlash(name)) }

// eachFile reads the file of a name, or those in the folder of that name, the
// oldest first. They are under the folder that the operator allows, and links
// do not lead out of it.
func (p *Pull) eachFile(name string, do func(name string, content io.Reader) error) error {
	under := p.Client.options.Files
	if under == "" {
		return fail(NotAllowed, "sources may not be files here: start citygauge with --source-files FOLDER")
	}
	root, err := os.OpenRoot(under)
	if err != nil {
		return failSoon(Unreachable, "the folder of files cannot be read: %w", err)
	}
	defer root.Close() //nolint:errcheck // only read from
	info, err := root.Stat(name)
	if err != nil {
		return failSoon(Unreachable, "the file cannot be read: %w", err)
	}
	if !info.IsDir() {
		return readFile(root, name, do)
	}
	dropped, err := filesIn(root, name)
	if err != nil {
		return failSoon(Unreachable, "the folder cannot be read: %w", err)
	}
	for _, f := range dropped {
		if err := readFile(root, f.path, do); err != nil {
			return err
		}
	}
	return nil
}

type droppedFile struct {
	path string
	at   time.Time
}

// filesIn are the files of a folder that are tables, the oldest first. Those
// that begin with a dot or a tilde are somebody's drafts.
func filesIn(root *os.Root, folder string) ([]droppedFile, error) {
	entries, err := fs.ReadDir(root.FS(), filepath.ToSlash(filepath.Clean(folder)))
	if err != nil {
		return nil, err
	}
	var all []droppedFile
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		draft := strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~")
		if e.IsDir() || draft || !slices.Contains([]string{".csv", ".tsv", ".txt", ".xlsx"}, filepath.Ext(name)) {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		all = append(all, droppedFile{filepath.Join(folder, e.Name()), info.ModTime()})
	}
	slices.SortStableFunc(all, func(a, b droppedFile) int { return a.at.Compare(b.at) })
	return all, nil
}

// readFile reads a file, and fails where somebody writes it meanwhile.
func readFile(root *os.Root, name string, do func(string, io.Reader) error) error {
	f, err := root.Open(name)
	if err != nil {
		return failSoon(Unreachable, "the file cannot be read: %w", err)
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return err
	}
	if err := do(filepath.Base(name), f); err != nil {
		return err
	}
	after, err := root.Stat(name)
	if err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) || !os.SameFile(before, after) {
		return failSoon(Incomplete, "%s changed while it was read", filepath.Base(name))
	}
	return nil
}
