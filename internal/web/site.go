package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/source"
	"github.com/citygauge/citygauge/internal/upload"
	"github.com/citygauge/citygauge/internal/web/words"
)

// Source is where the pages read, each time for a reader who may see the
// cities of a scope and no other; nil is all.
type Source interface {
	// StandingsFor is how cities stand, by slug and in the order of slugs; nil
	// is all that the reader may see.
	StandingsFor(ctx context.Context, scope upload.Scope, cities []string) ([]progress.Standing, error)
	// CitiesAfter are the first cities behind a place that a filter chooses, in
	// the order of slugs, as many as limit says.
	CitiesAfter(ctx context.Context, f programme.Filter, after programme.Place, limit int) ([]programme.City, error)
	// Cohorts are those with a city that the reader may see, the newest first.
	Cohorts(ctx context.Context, scope upload.Scope) ([]programme.Cohort, error)
	// Targets are the targets in force of cities, in the order of city,
	// indicator and cohort.
	Targets(ctx context.Context, scope upload.Scope, cities []string) ([]progress.Judgeable, error)
	// Interventions are what a city tried.
	Interventions(ctx context.Context, scope upload.Scope, city string) ([]programme.Intervention, error)
	// SourceStatesFor is how a city's sources stand, by slug.
	SourceStatesFor(ctx context.Context, scope upload.Scope, city string) ([]source.State, error)
	// SourceRuns are the newest runs of each of a city's sources, so many of
	// each, the newest first.
	SourceRuns(ctx context.Context, scope upload.Scope, city string, limit int) ([]source.Run, error)
	// Uploads are those before a number, the newest first; 0 is from the newest
	// on.
	Uploads(ctx context.Context, scope upload.Scope, cities []string, before int64, limit int) ([]upload.Record, error)
	// Upload is one of them with its report; its error is upload.ErrNoUpload.
	Upload(ctx context.Context, scope upload.Scope, number int64) (upload.Record, upload.Report, error)
	// UploadFile writes an upload's file as it was received.
	UploadFile(ctx context.Context, scope upload.Scope, number int64, w io.Writer) error
}

// Uploads is the use case of taking files in: *upload.Service.
type Uploads interface {
	Preview(ctx context.Context, r upload.Request) (upload.Report, error)
	Confirm(ctx context.Context, number int64, by upload.Sender) (upload.Report, error)
	Revert(ctx context.Context, number int64, by upload.Sender) (upload.Report, error)
	Problems(ctx context.Context, number int64, by upload.Sender, each func(intake.Problem) error) error
}

// Accounts is who may sign in: *account.Service.
type Accounts interface {
	SignIn(ctx context.Context, name, password, address string) (account.Account, error)
	BySession(ctx context.Context, session string) (account.Account, error)
	SignOut(ctx context.Context, a account.Account, address string) error
	SignOutEverywhere(ctx context.Context, by account.Actor, id int64) error
	ChangePassword(ctx context.Context, id int64, old, password, address string) (account.Account, error)

	All(ctx context.Context) ([]account.Account, error)
	Add(ctx context.Context, by account.Actor, a account.Account, password string) (account.Account, error)
	SetDisabled(ctx context.Context, by account.Actor, id int64, disabled bool) error
	SetPassword(ctx context.Context, by account.Actor, id int64, password string) error
}

// Provider is sign-in at an OpenID provider: *account.OIDC.
type Provider interface {
	Begin(ctx context.Context) (to, attempt string, err error)
	Finish(ctx context.Context, attempt string, answer url.Values, address string) (account.Account, error)
}

// Links lead from the pages to what shows more. Where one is nil there is
// nothing to lead to.
type Links struct {
	Metrics   func(city string) string
	Dashboard func(city string, cohort programme.Cohort) string
}

// DefaultMaxUpload is how many bytes an uploaded file may have: ten years of
// weekly values of 50 indicators are 1 MB.
const DefaultMaxUpload = 32 << 20

// apiPath is below which the API is.
const apiPath = "/api/v1/"

// grafanaPath is below which Grafana is.
const grafanaPath = "/grafana/"

// SignedIn tells who is signed in on a request; its error is account.ErrDenied
// where nobody is.
type SignedIn = func(*http.Request) (account.Account, error)

// API answers below /api/v1/: *api.API.
type API interface {
	// Handler keeps other sites from posting there. It is handed what tells who
	// is signed in on a request.
	Handler(signedIn SignedIn) http.Handler
	// Fail answers a request whose session cannot be read.
	Fail(w http.ResponseWriter, r *http.Request, err error)
}

// Options are what the site is made of.
type Options struct {
	Source   Source
	Uploads  Uploads
	Accounts Accounts
	OIDC     Provider // nil where there is none
	Sessions scs.Store
	API      API // nil where there is none
	// Grafana answers below /grafana/, where there is one. It is handed that too,
	// and what answers those who are not.
	Grafana func(signedIn SignedIn, signIn http.Handler) http.Handler
	Links   Links
	BaseURL *url.URL // where browsers reach the site: with https, cookies are secure
	Today   func(programme.City) programme.Date
	Now     func() time.Time
	Log     *slog.Logger
	// MaxUpload is how many bytes an uploaded file may have; 0 is DefaultMaxUpload.
	MaxUpload int64
}

// site serves the pages.
type site struct {
	Options
	sessions *scs.SessionManager
	pages    map[*words.Language]*pages
	texts    *words.Catalogue
	assets   map[string]asset
}

// New is the whole site: the pages and, below /api/v1/, the API.
func New(o Options) (http.Handler, error) {
	if o.MaxUpload == 0 {
		o.MaxUpload = DefaultMaxUpload
	}
	if o.BaseURL == nil {
		o.BaseURL = &url.URL{Scheme: "http"}
	}
	texts, err := words.New()
	if err != nil {
		return nil, err
	}
	s := &site{Options: o, texts: texts, pages: map[*words.Language]*pages{}, assets: map[string]asset{}}
	for _, l := range texts.Languages() {
		if s.pages[l], err = parsePages(l); err != nil {
			return nil, fmt.Errorf("read the pages: %w", err)
		}
	}
	s.sessions = s.newSessions()
	if err := s.loadAssets(); err != nil {
		return nil, err
	}
	return s.handler(), nil
}

// handler puts the routes behind what holds for all of them.
func (s *site) handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		mux.Handle(r.pattern, s.serve(r))
	}
	mux.Handle("/", s.serve(route{who: anyone, do: s.notFound}))
	for path := range s.assets {
		mux.HandleFunc("GET "+path, s.asset)
	}
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(s.serve(route{who: anyone, do: s.crossOrigin}))
	root := http.NewServeMux()
	root.Handle("/", strict(cross.Handler(mux)))
	if s.API != nil {
		root.Handle(apiPath, s.API.Handler(s.signedIn))
	}
	if s.Grafana != nil {
		root.Handle(grafanaPath, s.Grafana(s.signedIn, strict(http.HandlerFunc(s.nobody))))
	}
	return s.withSession(root)
}

// strict keeps browsers from doing anything with the pages that they do not
// need, and from keeping them.
func strict(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "+
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// isAny reports whether an error is one of some.
func isAny(err error, of ...error) bool {
	for _, one := range of {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}
