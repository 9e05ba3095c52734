package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
)

type uploadView struct {
	frame
	City    programme.City
	Due     []due
	Form    string   // what the template has, a key below upload.template
	Most    int64    // bytes
	Wrong   string   // a key below upload.wrong
	Header  []string // of the file
	Example []exampleRow
}

// exampleRow is a row of the file that is shown as an example.
type exampleRow struct {
	Indicator, Period, Value string
}

func (s *site) uploadPage(v *visit) error { return s.showUpload(v, http.StatusOK, "") }

func (s *site) showUpload(v *visit, code int, wrong string) error {
	standing, err := s.standing(v, v.r.PathValue("city"))
	if err != nil {
		return err
	}
	view := uploadView{
		frame: s.frame(v, v.words.Say("upload.title", "city", standing.City.Name)), City: standing.City,
		Due: dueNow(standing.Indicators, s.Today(standing.City)), Most: s.MaxUpload, Wrong: wrong, Header: templateHeader,
	}
	view.Script, view.Form = "/upload.js", "due"
	if len(view.Due) == 0 {
		view.Form = "next"
	}
	for _, i := range standing.Indicators[:min(2, len(standing.Indicators))] {
		row := exampleRow{Indicator: i.Indicator.ID, Period: programme.LastEndedBy(i.Indicator.Frequency, s.Today(standing.City)).String(), Value: exampleValue(i)}
		view.Example = append(view.Example, row)
	}
	return s.write(v, code, "upload.html", view)
}

// exampleValue is one that an indicator could have.
func exampleValue(i progress.IndicatorStanding) string {
	like := 123.0
	switch {
	case i.Newest != nil:
		like = i.Newest.Value
	case len(i.Targets) > 0 && i.Targets[0].Assessment.Baseline.Known:
		like = i.Targets[0].Assessment.Baseline.Number
	}
	return strconv.FormatFloat(like, 'f', i.Indicator.Decimals, 64)
}

const (
	inMemory = 1 << 20 // of an uploaded file; the rest goes to disk
	// drained is how much of a file that is too large is read to the end, so
	// that the browser hears why it was refused.
	drained = 1 << 30
)

// upload takes a file in as a preview: nothing of it is in force.
func (s *site) upload(v *visit) error {
	city := v.r.PathValue("city")
	if _, err := s.standing(v, city); err != nil {
		return err
	}
	body := v.r.Body
	v.r.Body = http.MaxBytesReader(v.w, body, s.MaxUpload+formBytes)
	err := v.r.ParseMultipartForm(inMemory)
	if form := v.r.MultipartForm; form != nil {
		defer form.RemoveAll() //nolint:errcheck // the system clears its temporary files
	}
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		_, _ = io.CopyN(io.Discard, body, drained)
		return s.showUpload(v, http.StatusRequestEntityTooLarge, "too-large")
	}
	if err != nil {
		return s.showUpload(v, http.StatusBadRequest, "broken")
	}
	file, header, err := v.r.FormFile("file")
	if err != nil {
		return s.showUpload(v, http.StatusUnprocessableEntity, "none")
	}
	defer file.Close()
	if header.Size > s.MaxUpload {
		return s.showUpload(v, http.StatusRequestEntityTooLarge, "too-large")
	}
	return s.preview(v, upload.Request{Name: fileName(header), Content: contentOf(file, header.Size), Scope: upload.Scope{city}})
}

// fileName is a file's own name, without the folders that some browsers tell.
func fileName(h *multipart.FileHeader) string {
	return path.Base(strings.ReplaceAll(h.Filename, `\`, "/"))
}

// contentOf opens a file again and again.
func contentOf(file io.ReaderAt, size int64) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(file, 0, size)), nil }
}

// preview checks a file, and leads to its report. What confirms it is who is
// signed in and the upload's number: a session, which requests at the same time
// overwrite each other, is no place for a token.
func (s *site) preview(v *visit, r upload.Request) error {
	r.Account, r.Limits = v.who.Name, intake.WebLimits
	r.Limits.Bytes = s.MaxUpload
	report, err := s.Uploads.Preview(v.r.Context(), r)
	if errors.Is(err, upload.ErrConflict) {
		return refusal{http.StatusConflict, "conflict"}
	}
	if err != nil {
		return err
	}
	return v.redirect("/uploads/" + strconv.FormatInt(report.Upload, 10))
}
