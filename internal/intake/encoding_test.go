package intake

import (
	"bytes"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	textencoding "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func TestEncodings(t *testing.T) {
	const text = "city,note\nLyon,\"été,\n5 €\"\nNîmes,œuvre\n"
	want := []string{"1: city|note", "2: Lyon|été,\n5 €", "4: Nîmes|œuvre"}
	cases := map[string]textencoding.Encoding{
		"UTF-8":                                unicode.UTF8,
		"UTF-8 with a mark":                    unicode.UTF8BOM,
		"UTF-16, little end first, marked":     unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
		"UTF-16, big end first, marked":        unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
		"UTF-16, little end first, not marked": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
		"UTF-16, big end first, not marked":    unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
		"Windows-1252":                         charmap.Windows1252,
	}
	for name, e := range cases {
		t.Run(name, func(t *testing.T) {
			in, err := e.NewEncoder().String(text)
			if err != nil {
				t.Fatal(err)
			}
			for way, got := range map[string][]string{
				"at once":      records(t, strings.NewReader(in), 64),
				"byte by byte": records(t, iotest.OneByteReader(strings.NewReader(in)), 64),
			} {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", way, diff)
				}
			}
		})
	}
}

// A file that leaves ASCII late is read as Windows-1252 with all that was read
// before, which is the same in both.
func TestWindows1252IsSaidOnce(t *testing.T) {
	in := "a\n" + strings.Repeat("plain\n", 100_000) + "\xe9\n\xe8\n"
	r := newCSVReader(strings.NewReader(in), 1<<10)
	var warned []int
	for {
		rec, err := r.read()
		if err != nil {
			break
		}
		if rec.warning != nil {
			warned = append(warned, rec.line)
		}
	}
	if diff := cmp.Diff([]int{100_002}, warned); diff != "" {
		t.Errorf("lines with the warning (-want +got):\n%s", diff)
	}
}

// FuzzUTF16 holds that UTF-16 reads as the same text does in UTF-8.
func FuzzUTF16(f *testing.F) {
	f.Add("city,value\r\nLyon,\"1\n2\"\n", false)
	f.Add("a;b\né;€\n𝄞;\"\"\"\"", true)
	f.Fuzz(func(t *testing.T, text string, bigEndian bool) {
		if strings.ToValidUTF8(text, "") != text || strings.ContainsAny(text, "\x00\uFFFD\uFEFF") {
			return
		}
		endian := unicode.LittleEndian
		if bigEndian {
			endian = unicode.BigEndian
		}
		in, err := unicode.UTF16(endian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		const limit = 1 << 10
		if diff := cmp.Diff(records(t, strings.NewReader("\uFEFF"+text), limit), records(t, bytes.NewReader(in), limit)); diff != "" {
			t.Errorf("(-UTF-8 +UTF-16):\n%s", diff)
		}
	})
}
