package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// inputFile is a file that can be read several times. Standard input is kept in
// a temporary file for that.
type inputFile struct {
	name, path string
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
		if err := f.spool(std.in); err != nil {
			return nil, fmt.Errorf("read standard input: %w", err)
		}
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder: name the files in it", name)
	}
	f.size = info.Size()
	return f, nil
}

func (f *inputFile) spool(in io.Reader) error {
	kept, err := os.CreateTemp("", "citygauge-input-*")
	if err != nil {
		return err
	}
	f.name, f.path, f.temporary = "standard input", kept.Name(), true
	if _, err := io.Copy(kept, in); err != nil {
		kept.Close()
		f.close()
		return err
	}
	return kept.Close()
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
