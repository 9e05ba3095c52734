package intake

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// tags reads everything, each tag and text a line. Texts beside each other are
// one.
func tags(in io.Reader) (lines []string, err error) {
	x := newXMLReader(in)
	for {
		switch err := x.next(); {
		case errors.Is(err, io.EOF):
			return lines, nil
		case err != nil:
			return lines, err
		case x.start != "":
			lines = append(lines, "<"+x.start+fmt.Sprintf(" a=%q b=%q", x.attribute("a"), x.attribute("b")))
		case x.end != "":
			lines = append(lines, "</"+x.end)
		default:
			lines = addText(lines, x.text)
		}
	}
}

func addText(lines []string, text []byte) []string {
	if n := len(lines) - 1; n >= 0 && strings.HasPrefix(lines[n], ": ") {
		lines[n] += string(text)
		return lines
	}
	if len(text) == 0 {
		return lines
	}
	return append(lines, ": "+string(text))
}

// theirTags are those that encoding/xml reads; ok is false for what no workbook
// has.
func theirTags(content []byte) (lines []string, ok bool) {
	d := xml.NewDecoder(bytes.NewReader(content))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return lines, true
		}
		if err != nil {
			return nil, false
		}
		switch t := token.(type) {
		case xml.StartElement:
			said := map[string]string{}
			for _, a := range t.Attr {
				if _, twice := said[a.Name.Local]; twice || a.Name.Space != "" {
					return nil, false
				}
				said[a.Name.Local] = a.Value
			}
			lines = append(lines, "<"+t.Name.Local+fmt.Sprintf(" a=%q b=%q", said["a"], said["b"]))
		case xml.EndElement:
			lines = append(lines, "</"+t.Name.Local)
		case xml.CharData:
			lines = addText(lines, t)
		case xml.Directive, xml.ProcInst:
			return nil, false
		}
	}
}

// FuzzTags compares with encoding/xml wherever that finds nothing wrong.
func FuzzTags(f *testing.F) {
	for _, seed := range []string{
		`<r a="1" b='2'><c/>x &amp; y<!-- z --><![CDATA[<&>]]></r>`, `<x:r  a = "&#x41;>" ></x:r >`, "<r>\r\n\r</r>", `<r a="é">&lt;</r>`, `<`, `<r`, `<r a="`, `<!-`, `<?xml version="1.0"?><r/>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := tags(bytes.NewReader(content))
		again, errAgain := tags(iotest.OneByteReader(bytes.NewReader(content)))
		if diff := cmp.Diff(got, again); diff != "" || (err == nil) != (errAgain == nil) {
			t.Fatalf("what is read depends on how it arrives (%v, %v):\n%s", err, errAgain, diff)
		}
		want, ok := theirTags(content)
		if !ok {
			return
		}
		if err != nil {
			t.Fatalf("theirs reads all, ours says %v", err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("tags (-theirs +ours):\n%s", diff)
		}
	})
}
