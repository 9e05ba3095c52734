package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// inputs are files to read.
type inputs []*inputFile

// openInputs makes sure of every file before anything is done with the first.
func openInputs(names []string, std streams) (inputs, error) {
	files := make(inputs, 0, len(names))
	for _, name := range names {
		f, err := openInput(name, std)
		if err != nil {
			files.close()
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

func (files inputs) close() {
	for _, f := range files {
		f.close()
	}
}

// spare makes sure that none of the files is about to be overwritten.
func (files inputs) spare(report string) error {
	for _, f := range files {
		if f.info != nil && overwrites(report, f.info) {
			return wouldOverwrite(report, f.name)
		}
	}
	return nil
}

// overwrites reports whether writing to a path would destroy a file, by whatever
// name it goes there.
func overwrites(path string, file os.FileInfo) bool {
	there, err := os.Stat(path)
	return err == nil && there.Mode().IsRegular() && os.SameFile(there, file)
}

func wouldOverwrite(report, file string) error {
	return fmt.Errorf("--report %s would overwrite %s, which is to be read: choose another file", report, file)
}

// inputFile is a file that can be read several times. Standard input, and
// whatever else flows by once, is kept in a temporary file for that.
type inputFile struct {
	name, path string
	info       os.FileInfo // of what was named; nil where it is no file
	size       int64
	temporary  bool
	progress   io.Writer // a terminal; nil where nobody looks
}

func openInput(name string, std streams) (*inputFile, error) {
	f := &inputFile{name: name, path: name}
	if terminal, ok := std.err.(*os.File); ok && term.IsTerminal(int(terminal.Fd())) {
		f.progress = terminal
	}
	if name == "-" {
		f.name = "standard input"
		if file, ok := std.in.(*os.File); ok {
			f.info, _ = file.Stat() // none that can be asked is none that can be overwritten
		}
		return f, f.keep(std.in)
	}
	info, err := os.Stat(name)
	f.info = info
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage("there is no file %s", name)
	case err != nil:
		return nil, usageError{err}
	case info.IsDir():
		return nil, usage("%s is a folder: name the files in it", name)
	case info.Mode().IsRegular():
		f.size = info.Size()
		return f, nil
	}
	pipe, err := os.Open(name)
	if err != nil {
		return nil, usageError{err}
	}
	defer pipe.Close()
	return f, f.keep(pipe)
}

// keep copies what flows by into a temporary file, for which there may be no
// room.
func (f *inputFile) keep(in io.Reader) error {
	kept, err := os.CreateTemp("", "citygauge-input-*")
	if err != nil {
		return fmt.Errorf("keep %s in %s meanwhile (TMPDIR names another folder): %w", f.name, os.TempDir(), err)
	}
	f.path, f.temporary = kept.Name(), true
	if f.size, err = io.Copy(kept, in); err == nil {
		err = kept.Close()
	} else {
		kept.Close()
	}
	if err != nil {
		f.close()
		return fmt.Errorf("keep %s in %s meanwhile (TMPDIR names another folder): %w", f.name, os.TempDir(), err)
	}
	return nil
}

// open opens the file from its beginning; on a terminal, reading it moves a
// bar.
func (f *inputFile) open() (io.ReadCloser, error) {
	file, err := os.Open(f.path)
	if err != nil || f.progress == nil {
		return file, err
	}
	bar := progressbar.NewOptions64(f.size, progressbar.OptionSetWriter(f.progress), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription(f.name), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	reader := progressbar.NewReader(file, bar)
	return barReader{&reader, file}, nil
}

type barReader struct {
	io.Reader
	file *os.File
}

func (r barReader) Close() error { return r.file.Close() }

func (f *inputFile) close() {
	if f.temporary {
		os.Remove(f.path) //nolint:errcheck // in the system's temporary folder
	}
}
