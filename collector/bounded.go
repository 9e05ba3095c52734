package collector

import "io"

// mostRecordBytes is the most of one record, or of what stands beside them, which
// is held in memory.
const mostRecordBytes = 16 << 20

// bounded is an answer of any size, whose records have bounds.
type bounded struct {
	io.Reader
	left int
}

func newBounded(content io.Reader) *bounded { return &bounded{content, mostRecordBytes} }

// next says that a record was read.
func (b *bounded) next() { b.left = mostRecordBytes }

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, fail(TooLarge, "one record of the source has more than %d MB", mostRecordBytes>>20)
	}
	return n, err
}
