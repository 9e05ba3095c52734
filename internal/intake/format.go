package intake

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode"

	textunicode "golang.org/x/text/encoding/unicode"
)

// headBytes of a file tell what kind of file it is.
const headBytes = 4 << 10

// peek reads the head of a file, and gives the file as it was before.
func peek(in io.Reader) (head []byte, whole io.Reader) {
	head, failed := make([]byte, headBytes), error(nil)
	n := 0
	for n < len(head) && failed == nil {
		var more int
		more, failed = in.Read(head[n:])
		n += more
	}
	head = head[:n]
	return head, io.MultiReader(bytes.NewReader(head), &resumed{in, failed})
}

// resumed goes on with a reader that may have failed once already.
type resumed struct {
	in     io.Reader
	failed error
}

func (r *resumed) Read(p []byte) (int, error) {
	if r.failed != nil {
		return 0, r.failed
	}
	return r.in.Read(p)
}

const (
	saveAsWorkbook = "open it in the program that made it, and save it as an Excel workbook (.xlsx) or as \"CSV UTF-8\""
	zipMark        = "PK\x03\x04"
	zipEntryMark   = "PK\x01\x02"
)

// formats are the files that people take for a spreadsheet, by how they begin.
var formats = []struct{ mark, what, hint string }{
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "the file is an Excel workbook of the old kind (.xls), or one with a password", "open it, remove the password if there is one, and save it as an Excel workbook (.xlsx)"},
	{"%PDF-", "the file is a PDF", "upload the spreadsheet that it was made from"},
	{"{\\rtf", "the file is a text document (RTF)", saveAsWorkbook},
	{"\x89PNG\r\n", "the file is a picture (PNG)", "upload the spreadsheet itself, not a picture of it"},
	{"\xFF\xD8\xFF", "the file is a picture (JPEG)", "upload the spreadsheet itself, not a picture of it"},
	{"GIF8", "the file is a picture (GIF)", "upload the spreadsheet itself, not a picture of it"},
	{"II*\x00", "the file is a picture (TIFF)", "upload the spreadsheet itself, not a picture of it"},
	{"MM\x00*", "the file is a picture (TIFF)", "upload the spreadsheet itself, not a picture of it"},
	{"\x1F\x8B", "the file is packed (gzip)", "unpack it, and upload what is in it"},
	{"7z\xBC\xAF\x27\x1C", "the file is packed (7z)", "unpack it, and upload what is in it"},
	{"Rar!\x1A\x07", "the file is packed (RAR)", "unpack it, and upload what is in it"},
	{"PK\x05\x06", "the file is an empty archive (zip)", "check that it is the right one, and was saved"},
	{"SQLite format 3\x00", "the file is a database", "export its table as CSV"},
}

// markups are such files that are text, by how they begin in lower case after
// blanks and a byte order mark.
var markups = []struct{ mark, what, hint string }{
	{"<!doctype html", webPage, fromWebPage},
	{"<html", webPage, fromWebPage},
	{"<head", webPage, fromWebPage},
	{"<table", webPage, fromWebPage},
	{"<", "the file is XML", saveAsWorkbook},
}

const (
	webPage     = "the file is a web page: perhaps that of a sign-in, or a table that only calls itself a spreadsheet"
	fromWebPage = "download the file again while signed in; or open it in a spreadsheet program, and save it as an Excel workbook (.xlsx)"
)

// refuseFormat is why a file is neither CSV nor a workbook, as far as its head
// tells; nil is not known.
func refuseFormat(head []byte) error {
	for _, f := range formats {
		if bytes.HasPrefix(head, []byte(f.mark)) {
			return wrongFormat(f.what, f.hint)
		}
	}
	if len(head) > len("....ftyp") && string(head[4:8]) == "ftyp" {
		return wrongFormat("the file is a picture or a film", "upload the spreadsheet itself, not a picture of it")
	}
	text := strings.ToLower(beginning(head))
	for _, m := range markups {
		if strings.HasPrefix(text, m.mark) {
			return wrongFormat(m.what, m.hint)
		}
	}
	return nil
}

// OtherFormat is what a file is that is no CSV, as far as its head tells; empty
// where that does not tell.
func OtherFormat(head []byte) string {
	if bytes.HasPrefix(head, []byte(zipMark)) {
		return "the file is a workbook, or packed (zip)"
	}
	if fault, ok := errors.AsType[*fileFault](refuseFormat(head)); ok {
		return fault.Message
	}
	return ""
}

// beginning is the first text of a file, whatever its encoding.
func beginning(head []byte) string {
	if endian, ok := utf16Order(head); ok {
		// Its odd last byte is no text, and nothing here needs it.
		head, _ = textunicode.UTF16(endian, textunicode.IgnoreBOM).NewDecoder().Bytes(head[:len(head)&^1])
	}
	return strings.TrimLeftFunc(string(bytes.TrimPrefix(head, byteOrderMark)), unicode.IsSpace)
}

func wrongFormat(what, hint string) error {
	return &fileFault{Problem{Code: WrongFormat, Message: what, Hint: hint}}
}
