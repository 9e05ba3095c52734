package web

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/upload"
)

// sender is who asks, with the cities that they may write.
func (v *visit) sender() upload.Sender {
	return upload.Sender{Account: v.who.Name, Scope: v.who.WriteScope()}
}

// writable is the upload of the path, which one must be allowed to change.
func (s *site) writable(v *visit) (upload.Record, error) {
	record, _, err := s.find(v)
	if err == nil && !v.mayWrite(record) {
		err = refusal{http.StatusForbidden, "read-only"}
	}
	return record, err
}

// commit puts a preview in force.
func (s *site) commit(v *visit) error {
	record, err := s.writable(v)
	if err != nil {
		return err
	}
	here := "/uploads/" + strconv.FormatInt(record.Number, 10)
	if record.State == upload.Applied { // the button was pressed twice
		return v.redirect(here)
	}
	_, err = s.Uploads.Confirm(v.r.Context(), record.Number, v.sender())
	switch {
	case errors.Is(err, upload.ErrConflict):
		s.notice(v, "moved")
		return s.reread(v, record, func(*upload.Request) {})
	case errors.Is(err, upload.ErrNoToken):
		if record, _, err = s.find(v); err != nil {
			return err
		}
		if record.State != upload.Applied { // else it was pressed twice at once
			s.notice(v, "stale")
		}
		return v.redirect(here)
	case err != nil:
		return err
	}
	s.notice(v, "saved")
	return v.redirect(here)
}

// again previews an upload's file once more, read in another way.
func (s *site) again(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, formBytes)
	record, err := s.writable(v)
	if err != nil {
		return err
	}
	return s.reread(v, record, func(r *upload.Request) {
		switch v.r.PostFormValue("decimal") {
		case "point":
			r.Decimal = intake.DecimalPoint
		case "comma":
			r.Decimal = intake.DecimalComma
		}
		if sheet := strings.TrimSpace(v.r.PostFormValue("sheet")); sheet != "" {
			r.Sheet = sheet
		}
		if v.r.PostFormValue("cities") == "all" {
			r.Scope = v.who.WriteScope()
		}
		if v.r.PostFormValue("errors") == "skip" {
			r.OnError = upload.Skip
		}
	})
}

// reread previews an upload's file as it was read the first time, but for a
// change.
func (s *site) reread(v *visit, record upload.Record, change func(*upload.Request)) error {
	file, err := os.CreateTemp("", "citygauge-again-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // the system clears its temporary files
	defer file.Close()
	if err := s.Source.UploadFile(v.r.Context(), v.who.ReadScope(), record.Number, file); err != nil {
		return err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	r := upload.Request{
		Name: record.File, Content: contentOf(file, size), Scope: record.Reading.Scope,
		Indicator: record.Reading.Indicator, Sheet: record.Reading.Sheet, Decimal: record.Reading.Decimal, OnError: record.Reading.OnError,
	}
	if r.Scope == nil {
		r.Scope = v.who.WriteScope()
	}
	change(&r)
	return s.preview(v, r)
}

type revertView struct {
	frame
	Record upload.Record
}

// revertPage asks once more.
func (s *site) revertPage(v *visit) error {
	record, err := s.writable(v)
	if err != nil {
		return err
	}
	return s.show(v, "revert.html", revertView{s.frame(v, v.words.Say("revert.title")), record})
}

// revert restores what stood before an upload.
func (s *site) revert(v *visit) error {
	record, err := s.writable(v)
	if err != nil {
		return err
	}
	report, err := s.Uploads.Revert(v.r.Context(), record.Number, v.sender())
	switch {
	case errors.Is(err, upload.ErrLaterRevisions):
		return refusal{http.StatusConflict, "later"}
	case errors.Is(err, upload.ErrNotApplied):
		if record, _, err = s.find(v); err == nil && record.State == upload.Reverted { // the button was pressed twice
			return v.redirect("/uploads/" + strconv.FormatInt(record.RevertedBy, 10))
		}
		return refusal{http.StatusConflict, "not-applied"}
	case errors.Is(err, upload.ErrConflict):
		return refusal{http.StatusConflict, "conflict"}
	case err != nil:
		return err
	}
	s.notice(v, "reverted")
	return v.redirect("/uploads/" + strconv.FormatInt(report.Upload, 10))
}
