package intake

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xmlReader reads a part of a workbook tag by tag. It is our own because it
// keeps nothing of what it has read, so that neither the depth nor the length
// of a part costs memory, and because a sheet is nearly all tags: it takes a
// tenth of the time of encoding/xml. It knows no document types, which no
// workbook may have, and leaves it to its callers whether tags match.
type xmlReader struct {
	in         io.Reader
	window     []byte
	from, to   int // what of the window is not read yet
	drained    bool
	closesSelf bool // the tag that started

	// The local name of the tag that starts or ends, both empty for text. They
	// are valid until the next call, as all is that is read.
	start, end string
	inside     []byte // of the tag that starts: its attributes
	text       []byte
}

// tagBytes is the longest tag or text: that of a cell, with every character
// escaped.
const tagBytes = 1 << 20

func newXMLReader(in io.Reader) *xmlReader {
	return &xmlReader{in: in, window: make([]byte, 64<<10)}
}

var (
	errLongTag  = errors.New("it has a tag or text without end")
	errNotXML   = errors.New("a part of it is no XML")
	errNotText  = errors.New("it has text that is not in UTF-8")
	errEntity   = errors.New("it has a reference to no character")
	errDocument = errors.New("a part of it has a document type, which no workbook has")
)

// next goes on to the next tag or text; its error is io.EOF at the end.
func (x *xmlReader) next() error {
	name := x.start
	x.start, x.end, x.text, x.inside = "", "", nil, nil
	if x.closesSelf {
		x.closesSelf, x.end = false, name
		return nil
	}
	for {
		more, err := x.ahead("<![CDATA[")
		switch {
		case err != nil:
			return err
		case len(more) == 0:
			return io.EOF
		case more[0] != '<':
			return x.readText()
		case bytes.HasPrefix(more, []byte("<!--")):
			_, err = x.until("-->", len("<!--"))
		case bytes.HasPrefix(more, []byte("<![CDATA[")):
			text, err := x.until("]]>", len("<![CDATA["))
			if err != nil {
				return err
			}
			x.text, err = plainText(text[len("<![CDATA["):len(text)-len("]]>")], false)
			return err
		case bytes.HasPrefix(more, []byte("<?")):
			err = x.readInstruction()
		case bytes.HasPrefix(more, []byte("<!")):
			return errDocument
		default:
			return x.readTag()
		}
		if err != nil {
			return err
		}
	}
}

// ahead is what the window holds, at least as much as a mark has.
func (x *xmlReader) ahead(mark string) ([]byte, error) {
	for x.to-x.from < len(mark) && !x.drained {
		if err := x.fill(); err != nil {
			return nil, err
		}
	}
	return x.window[x.from:x.to], nil
}

func (x *xmlReader) fill() error {
	if x.from > 0 {
		x.to = copy(x.window, x.window[x.from:x.to])
		x.from = 0
	}
	if x.to == len(x.window) {
		if x.to >= tagBytes {
			return errLongTag
		}
		x.window = slices.Grow(x.window, len(x.window))[:2*len(x.window)]
	}
	n, err := x.in.Read(x.window[x.to:])
	x.to += n
	if errors.Is(err, io.EOF) {
		x.drained = true
		return nil
	}
	return err
}

// until reads up to a mark, and with it, which begins after so many bytes.
func (x *xmlReader) until(mark string, after int) ([]byte, error) {
	for looked := after; ; {
		more := x.window[x.from:x.to]
		if len(more) >= looked {
			if n := bytes.Index(more[looked:], []byte(mark)); n >= 0 {
				return x.take(looked + n + len(mark)), nil
			}
			looked = max(after, len(more)-len(mark)+1)
		}
		if x.drained {
			return nil, io.ErrUnexpectedEOF
		}
		if err := x.fill(); err != nil {
			return nil, err
		}
	}
}

func (x *xmlReader) take(n int) []byte {
	taken := x.window[x.from : x.from+n]
	x.from += n
	return taken
}

func (x *xmlReader) readText() (err error) {
	text, err := x.until("<", 0)
	switch {
	case err == nil:
		x.from-- // the mark is the next tag's
		text = text[:len(text)-1]
	case errors.Is(err, io.ErrUnexpectedEOF):
		text = x.take(x.to - x.from)
	default:
		return err
	}
	x.text, err = plainText(text, true)
	return err
}

// readInstruction reads what begins with <?, which may say another encoding.
func (x *xmlReader) readInstruction() error {
	text, err := x.until("?>", len("<?"))
	if err != nil {
		return err
	}
	said := strings.ToLower(string(text))
	if strings.HasPrefix(said, "<?xml ") && strings.Contains(said, "encoding") && !strings.Contains(said, "utf-8") && !strings.Contains(said, "ascii") {
		return errNotText
	}
	return nil
}

func (x *xmlReader) readTag() error {
	tag, err := x.wholeTag()
	if err != nil {
		return err
	}
	tag = tag[1 : len(tag)-1]
	ends := len(tag) > 0 && tag[0] == '/'
	if ends {
		tag = tag[1:]
	}
	if bytes.HasSuffix(tag, []byte{'/'}) {
		x.closesSelf, tag = true, tag[:len(tag)-1]
	}
	n := bytes.IndexAny(tag, " \t\r\n")
	if n < 0 {
		n = len(tag)
	}
	name := tag[bytes.IndexByte(tag[:n], ':')+1 : n]
	switch {
	case len(name) == 0, ends && x.closesSelf:
		return errNotXML
	case ends:
		x.end = asString(name)
	default:
		x.start, x.inside = asString(name), tag[n:]
	}
	return nil
}

// wholeTag reads up to the tag's end; what is within quotes is none.
func (x *xmlReader) wholeTag() ([]byte, error) {
	quote := byte(0)
	for at := 1; ; {
		for more := x.window[x.from:x.to]; at < len(more); at++ {
			switch b := more[at]; {
			case quote != 0:
				if b == quote {
					quote = 0
				}
			case b == '"', b == '\'':
				quote = b
			case b == '>':
				return x.take(at + 1), nil
			}
		}
		if x.drained {
			return nil, io.ErrUnexpectedEOF
		}
		if err := x.fill(); err != nil {
			return nil, err
		}
	}
}

// attribute is an attribute of the tag that starts, valid until the next call;
// empty where it has none.
func (x *xmlReader) attribute(name string) string {
	for rest := x.inside; ; {
		is := bytes.IndexByte(rest, '=')
		if is < 0 {
			return ""
		}
		key := trim(rest[:is])
		rest = trim(rest[is+1:])
		if len(rest) == 0 {
			return ""
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return ""
		}
		value := rest[1 : 1+end]
		rest = rest[end+2:]
		if string(key) == name || name == "id" && bytes.HasSuffix(key, []byte(":id")) { // relations' ids have a namespace
			if isASCII(value) && bytes.IndexByte(value, '&') < 0 {
				return asString(value) // nearly always
			}
			text, err := plainText(bytes.Clone(value), true)
			if err != nil {
				return ""
			}
			return string(text)
		}
	}
}

func (x *xmlReader) truth(name string) bool {
	v := x.attribute(name)
	return v == "1" || v == "true"
}

// number is an attribute in digits, or absent.
func (x *xmlReader) number(name string) int { return wholeNumber(x.attribute(name)) }

// plainText is text without its references and with plain line ends. It uses
// text's memory.
func plainText(text []byte, escaped bool) ([]byte, error) {
	if !isASCII(text) && !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return nil, errNotText
	}
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	at := bytes.IndexByte(text, '&')
	if at < 0 || !escaped {
		return text, nil
	}
	kept := text[:at]
	for rest := text[at:]; ; {
		end := bytes.IndexByte(rest, ';')
		if end < 0 {
			return nil, errEntity
		}
		c, ok := character(string(rest[1:end]))
		if !ok {
			return nil, errEntity
		}
		kept = utf8.AppendRune(kept, c) // no longer than what stood for it
		rest = rest[end+1:]
		if at = bytes.IndexByte(rest, '&'); at < 0 {
			return append(kept, rest...), nil
		}
		kept = append(kept, rest[:at]...)
		rest = rest[at:]
	}
}

// character is the one that a reference names.
func character(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	base, digits := 10, strings.TrimPrefix(name, "#")
	if digits == name {
		return 0, false
	}
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		base, digits = 16, hex
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), err == nil && n > 0 && n <= utf8.MaxRune && utf8.ValidRune(rune(n))
}
