package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall"
)

// output is the standard output of a command that has more to do than to write:
// whether or not anybody reads, it takes everything, so that the work is
// finished.
type output struct {
	to  io.Writer
	err error // the first; nothing is written after it
}

// Write never fails.
func (o *output) Write(p []byte) (int, error) {
	if o.err == nil {
		_, o.err = o.to.Write(p)
	}
	return len(p), nil
}

// status tells of what could not be written. The exit status stays that of the
// work where it was a reader's choice to read no further.
func (o *output) status(talk io.Writer, work int) int {
	if o.err == nil {
		return work
	}
	fmt.Fprintln(talk, "citygauge: not everything that was to be told could be written:", o.err)
	if work == exitDone && !readerLeft(o.err) {
		return exitEnvironment
	}
	return work
}

// readerLeft reports whether who read the output had enough of it.
func readerLeft(err error) bool {
	file, ok := errors.AsType[*fs.PathError](err)
	return ok && errors.Is(file, syscall.EPIPE)
}
