package api

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
)

// Source is where the API reads, each time for a reader who may see the cities
// of a scope, or of a filter's scope, and no other; nil is all. What is behind a
// place stands in the order of bytes.
type Source interface {
	// Unknown is the first name of a filter that its reader does not know:
	// city, indicator or cohort, and the name; nothing where they know all.
	Unknown(ctx context.Context, f programme.Filter) (what, name string, err error)
	CitiesAfter(ctx context.Context, f programme.Filter, after programme.Place, limit int) ([]programme.City, error)
	IndicatorsAfter(ctx context.Context, f programme.Filter, after programme.Place, limit int) ([]programme.Indicator, error)
	ObservationsAfter(ctx context.Context, f programme.Filter, after programme.Place, limit int) ([]programme.Recorded, error)
	// EachTargetFrom hands over targets from a place on, that one included,
	// until do returns an error.
	EachTargetFrom(ctx context.Context, f programme.Filter, from programme.Place, do func(progress.Judgeable) error) error

	// Uploads are those before a number, the newest first; 0 is from the newest
	// on.
	Uploads(ctx context.Context, scope upload.Scope, cities []string, before int64, limit int) ([]upload.Record, error)
	// Upload is one of them with its report; its error is upload.ErrNoUpload.
	Upload(ctx context.Context, scope upload.Scope, number int64) (upload.Record, upload.Report, error)
	// UploadFile writes an upload's file as it was received; its errors are
	// upload.ErrNoUpload and upload.ErrNoFile.
	UploadFile(ctx context.Context, scope upload.Scope, number int64, w io.Writer) error
}

// Uploads is the use case of taking files in: *upload.Service.
type Uploads interface {
	Import(ctx context.Context, r upload.Request) (upload.Report, error)
	Preview(ctx context.Context, r upload.Request) (upload.Report, error)
	Commit(ctx context.Context, token string, by upload.Sender) (upload.Report, error)
	Revert(ctx context.Context, number int64, by upload.Sender) (upload.Report, error)
	Problems(ctx context.Context, number int64, by upload.Sender, each func(intake.Problem) error) error
}

// Accounts knows whose a token is: *account.Service. Its error is
// account.ErrDenied.
type Accounts interface {
	ByToken(ctx context.Context, bearer string) (account.Account, error)
}

// Tables writes rows as the export does, as csv or json: export.Tables.
type Tables interface {
	Cities(w io.Writer, format string, rows []programme.City) error
	Indicators(w io.Writer, format string, rows []programme.Indicator) error
	Observations(w io.Writer, format string, rows []programme.Recorded) error
	Assessments(w io.Writer, format string, rows []progress.Judgement) error
}

// Options are what the API is made of.
type Options struct {
	Source   Source
	Uploads  Uploads
	Accounts Accounts
	Tables   Tables
	// Unreachable is the error of a database that does not answer.
	Unreachable error
	Today       func(programme.City) programme.Date
	Now         func() time.Time
	Log         *slog.Logger

	// The zero value of each of these is a default.
	Limits   intake.Limits // of a file that is sent; intake.WebLimits
	Rate     Rate          // of an account's requests; DefaultRate
	Timeouts Timeouts      // DefaultTimeouts
}

// Timeouts are how long a request may take, from its first byte to the last of
// its answer.
type Timeouts struct {
	Read, Write time.Duration // of what is asked for, and of what changes something
}

// DefaultTimeouts leave a slow line enough for the largest file.
var DefaultTimeouts = Timeouts{Read: time.Minute, Write: 5 * time.Minute}

// API is the API without a way to tell who is signed in.
type API struct {
	Options
	document []byte
	rates    *rates
}

// New makes an API. It starts nothing.
func New(o Options) (*API, error) {
	if o.Limits == (intake.Limits{}) {
		o.Limits = intake.WebLimits
	}
	o.Limits.Bytes = cmp.Or(o.Limits.Bytes, intake.WebLimits.Bytes)
	if o.Rate == (Rate{}) {
		o.Rate = DefaultRate
	}
	if o.Timeouts == (Timeouts{}) {
		o.Timeouts = DefaultTimeouts
	}
	document, err := Document()
	if err != nil {
		return nil, err
	}
	return &API{o, document, newRates(o.Rate)}, nil
}

// Root is below what the API answers.
const Root = "/api/v1"

// route is one of the API's.
type route struct {
	method, path string
	open         bool // to everybody
	do           func(*call) error
}

func (a *API) routes() []route {
	return []route{
		{"GET", "/openapi.json", true, a.openAPI},
		{"GET", "/cities", false, a.cities},
		{"GET", "/indicators", false, a.indicators},
		{"GET", "/observations", false, a.observations},
		{"GET", "/assessments", false, a.assessments},
		{"GET", "/uploads", false, a.uploads},
		{"POST", "/uploads", false, a.upload},
		{"POST", "/uploads/commit", false, a.commit},
		{"GET", "/uploads/{id}", false, a.oneUpload},
		{"GET", "/uploads/{id}/file", false, a.file},
		{"GET", "/uploads/{id}/problems", false, a.problems},
		{"POST", "/uploads/{id}/revert", false, a.revert},
	}
}

// Handler answers below [Root]. signedIn tells whose session a request belongs
// to; its error is account.ErrDenied where that is nobody's.
func (a *API) Handler(signedIn func(*http.Request) (account.Account, error)) http.Handler {
	s := &server{a, signedIn, http.NewCrossOriginProtection()}
	mux, paths := http.NewServeMux(), http.NewServeMux()
	methods := map[string][]string{} // by path
	for _, r := range a.routes() {
		mux.Handle(r.method+" "+Root+r.path, s.serve(r))
		if methods[r.path] == nil {
			paths.Handle(Root+r.path, http.NotFoundHandler())
		}
		methods[r.path] = append(methods[r.path], r.method)
	}
	mux.Handle("/", s.serve(route{open: true, do: func(c *call) error {
		_, path := paths.Handler(c.r)
		return noRoute(methods[strings.TrimPrefix(path, Root)])
	}}))
	return mux
}
