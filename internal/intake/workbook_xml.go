package intake

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
)

// xmlReader reads a part of a workbook tag by tag. It keeps nothing of what it
// has read, so that neither depth nor length of the part costs memory.
type xmlReader struct {
	decoder *xml.Decoder
	in      *tagBounded

	start, end string // the local name of the tag; both are empty for text
	attributes []xml.Attr
	text       []byte // valid until the next call
}

// tagBytes is the longest tag or text: that of a cell, with every character
// escaped.
const tagBytes = 1 << 20

func newXMLReader(in io.Reader) *xmlReader {
	b := &tagBounded{in: bufio.NewReaderSize(in, 64<<10)}
	return &xmlReader{decoder: xml.NewDecoder(b), in: b}
}

// next goes on to the next tag or text; its error is io.EOF at the end.
func (x *xmlReader) next() error {
	x.start, x.end, x.text, x.in.read = "", "", nil, 0
	for {
		token, err := x.decoder.RawToken()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			x.start, x.attributes = t.Name.Local, t.Attr
			return nil
		case xml.EndElement:
			x.end = t.Name.Local
			return nil
		case xml.CharData:
			x.text = t
			return nil
		}
	}
}

// attribute is an attribute of the tag that starts.
func (x *xmlReader) attribute(name string) string {
	for _, a := range x.attributes {
		if a.Name.Local == name && (a.Name.Space == "" || name == "id") { // relations' ids have a namespace
			return a.Value
		}
	}
	return ""
}

func (x *xmlReader) truth(name string) bool {
	v := x.attribute(name)
	return v == "1" || v == "true"
}

func (x *xmlReader) number(name string) int {
	n, err := strconv.Atoi(x.attribute(name))
	if err != nil {
		return -1
	}
	return n
}

// each reads a part to its end, and hands out every tag and text.
func (w *workbook) each(part string, take func(*xmlReader) error) error {
	in, err := w.part(part)
	if err != nil {
		return err
	}
	defer in.Close()
	x := newXMLReader(in)
	depth, roots := 0, 0
	for {
		err := x.next()
		switch {
		case errors.Is(err, io.EOF) && depth == 0 && roots > 0:
			return nil
		case errors.Is(err, io.EOF):
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		case x.start != "":
			depth++
			roots++
		case x.end != "":
			depth--
		}
		if err := take(x); err != nil {
			return err
		}
	}
}

// tagBounded ends a tag that has no end: a decoder would hold it in memory.
type tagBounded struct {
	in   *bufio.Reader
	read int // since the last tag
}

var errLongTag = errors.New("it has a tag or text without end")

func (b *tagBounded) ReadByte() (byte, error) {
	if b.read++; b.read > tagBytes {
		return 0, errLongTag
	}
	return b.in.ReadByte()
}

// Read is never called: a decoder reads byte by byte where it can.
func (b *tagBounded) Read(p []byte) (int, error) { return b.in.Read(p[:min(len(p), tagBytes)]) }
