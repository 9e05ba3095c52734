package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"

	"github.com/citygauge/citygauge/internal/upload"
)

// attach has a browser save what is answered, whatever it is, and neither show
// nor run it.
func attach(w http.ResponseWriter, name, kind string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
}

// file is an upload's file, byte for byte.
func (s *site) file(v *visit) error {
	record, _, err := s.find(v)
	if err != nil {
		return err
	}
	spool, err := os.CreateTemp("", "citygauge-file-*")
	if err != nil {
		return err
	}
	defer os.Remove(spool.Name()) //nolint:errcheck // the system clears its temporary files
	defer spool.Close()
	switch err := s.Source.UploadFile(v.r.Context(), v.who.ReadScope(), record.Number, spool); {
	case errors.Is(err, upload.ErrNoFile):
		return notFound
	case err != nil:
		return err
	}
	size, err := spool.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = spool.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	attach(v.w, record.File, "application/octet-stream")
	v.w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	_, _ = io.Copy(v.w, spool) // that a client went away is its own affair
	return nil
}

// problems are all problems of an upload's file, as a table.
func (s *site) problems(v *visit) error {
	record, _, err := s.find(v)
	if err != nil {
		return err
	}
	attach(v.w, v.words.Say("file.problems", "number", strconv.FormatInt(record.Number, 10)), "text/csv; charset=utf-8")
	table, err := upload.NewProblemCSV(v.w)
	if err != nil {
		return nil //nolint:nilerr // the client went away
	}
	err = s.Uploads.Problems(v.r.Context(), record.Number, upload.Sender{Account: v.who.Name, Scope: v.who.ReadScope()}, table.Add)
	if err != nil {
		// Half a table must not look like a whole one.
		s.Log.ErrorContext(v.r.Context(), "write the problems of an upload", "upload", record.Number, "error", err)
		panic(http.ErrAbortHandler)
	}
	_ = table.Flush()
	return nil
}
