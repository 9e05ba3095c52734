package exposition

import (
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"sync"
)

// zips makes gzip members with borrowed writers, each of which takes a megabyte
// to make.
type zips struct{ writers sync.Pool }

// newZips has writers of the fastest level, at which the text becomes 23 times
// smaller; at the default one it becomes 25 times, in five times the time.
func newZips() *zips {
	return &zips{sync.Pool{New: func() any {
		zip, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
		if err != nil {
			panic(err) // the level is a constant
		}
		return zip
	}}}
}

// member is one gzip member of what is written.
func (z *zips) member(write func(io.Writer) error) []byte {
	zip := z.writers.Get().(*gzip.Writer)
	defer z.writers.Put(zip)
	defer zip.Reset(io.Discard)
	var b bytes.Buffer
	zip.Reset(&b)
	// A buffer takes everything, so neither can fail.
	_ = write(zip)
	_ = zip.Close()
	return slices.Clip(b.Bytes())
}
