package api

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"path"
	"strings"
)

// kinds are the media types of files that are taken, and the name of one that
// comes without.
var kinds = map[string]string{
	"text/csv":                  "upload.csv",
	"text/plain":                "upload.csv",
	"text/tab-separated-values": "upload.tsv",
	"application/vnd.ms-excel":  "upload.csv", // as browsers on Windows call CSV
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "upload.xlsx",
	"application/octet-stream": "upload",
}

const multipartForm = "multipart/form-data"

// envelope is how many bytes a multipart body may have around its file.
const envelope = 64 << 10

// received is a file that was sent, on disk.
type received struct {
	*os.File
	name string // its own, without folders
	size int64
}

func (f *received) open() (io.ReadCloser, error) {
	return io.NopCloser(io.NewSectionReader(f.File, 0, f.size)), nil
}

func (f *received) remove() {
	_ = f.Close()
	_ = os.Remove(f.Name()) // the system clears its temporary files
}

// receive brings the file of a request to disk, and no byte more of it than the
// limits allow. Its caller removes it.
func (a *API) receive(c *call) (*received, error) {
	kind, parameters, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	name := kinds[kind]
	if err != nil || name == "" && kind != multipartForm || !isPlain(c.r.Header.Get("Content-Encoding")) {
		return nil, errMedia.saying("send text/csv, a workbook (.xlsx) or %s with a file, as Content-Type says, and not compressed", multipartForm)
	}
	if most := a.Limits.Bytes + envelope; c.r.ContentLength > most { // needs no reading
		return nil, &http.MaxBytesError{Limit: a.Limits.Bytes}
	}
	defer a.awaitBody(c)()
	if kind == multipartForm {
		return a.receiveForm(c, parameters["boundary"])
	}
	return a.keep(c, c.r.Body, name)
}

func isPlain(encoding string) bool { return encoding == "" || strings.EqualFold(encoding, "identity") }

// receiveForm takes the one file of a form.
func (a *API) receiveForm(c *call, boundary string) (file *received, err error) {
	defer func() {
		if err != nil && file != nil {
			file.remove()
		}
	}()
	form := multipart.NewReader(http.MaxBytesReader(c.w, c.r.Body, a.Limits.Bytes+envelope), boundary)
	for {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF) && file != nil:
			return file, nil
		case errors.Is(err, io.EOF):
			return nil, errInvalid.saying("the form has no file")
		case err != nil:
			return file, a.broken(err)
		case part.FileName() == "":
			return file, errInvalid.saying("the form has a field %q: it is to have the file alone; the rest goes behind the ? of the URL", part.FormName())
		case file != nil:
			return file, errInvalid.saying("the form has more than one file: send one after another")
		}
		if file, err = a.keep(c, part, path.Base(strings.ReplaceAll(part.FileName(), `\`, "/"))); err != nil {
			return nil, err
		}
	}
}

// keep writes a file to disk.
func (a *API) keep(c *call, content io.Reader, name string) (*received, error) {
	disk, err := os.CreateTemp("", "citygauge-api-*")
	if err != nil {
		return nil, err
	}
	file := &received{File: disk, name: name}
	start := bufio.NewReader(content)
	limit := a.Limits.Bytes
	if magic, _ := start.Peek(4); string(magic) == "PK\x03\x04" { // a workbook, which is held in memory
		limit = min(limit, cmp.Or(a.Limits.WorkbookBytes, limit))
	}
	file.size, err = io.Copy(disk, http.MaxBytesReader(c.w, io.NopCloser(start), limit))
	if err != nil {
		file.remove()
		return nil, a.broken(err)
	}
	return file, nil
}

// broken is what is told of a body that could not be read to its end.
func (a *API) broken(err error) error {
	var large *http.MaxBytesError
	var disk *os.PathError
	switch {
	case errors.As(err, &large):
		return &http.MaxBytesError{Limit: min(large.Limit, a.Limits.Bytes)}
	case errors.As(err, &disk), errors.Is(err, os.ErrDeadlineExceeded):
		return err
	}
	return errInvalid.saying("the body ends before it is whole, or is no %s: %v", multipartForm, err)
}
