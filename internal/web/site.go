package web

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

//go:embed pages
var files embed.FS

// Source is where the pages read.
type Source interface {
	// Standings is how cities stand, by slug and in the order of slugs; nil is
	// all.
	Standings(ctx context.Context, cities []string) ([]progress.Standing, error)
}

// Links lead from the pages to what shows more. Where one is nil there is
// nothing to lead to.
type Links struct {
	Metrics   func(city string) string
	Dashboard func(city string, cohort programme.Cohort) string
}

// site serves the pages.
type site struct {
	source Source
	links  Links
	log    *slog.Logger
	pages  *template.Template
	style  []byte
}

// New is the pages over a source.
func New(source Source, links Links, log *slog.Logger) (http.Handler, error) {
	pages, err := template.New("").ParseFS(files, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the pages: %w", err)
	}
	style, err := files.ReadFile("pages/style.css")
	if err != nil {
		return nil, err
	}
	s := &site{source, links, log, pages, append(style, statusStyles()...)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.cities)
	mux.HandleFunc("GET /style.css", s.css)
	return strict(mux), nil
}

// strict keeps browsers from doing anything with the pages that they do not
// need.
func strict(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// statusStyles gives every status its colour.
func statusStyles() string {
	var css strings.Builder
	for _, s := range progress.Statuses() {
		fmt.Fprintf(&css, ".%s { --status: %s; }\n", s, s.Colour())
	}
	return css.String()
}

func (s *site) css(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=300")
	_, _ = w.Write(s.style) // that a client went away is its own affair
}

// show writes a page, whole or not at all.
func (s *site) show(w http.ResponseWriter, page string, data any) {
	var text bytes.Buffer
	if err := s.pages.ExecuteTemplate(&text, page, data); err != nil {
		s.fail(w, "write the page", err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(text.Bytes())
}

// fail says that something went wrong; what, only the log does.
func (s *site) fail(w http.ResponseWriter, what string, err error) {
	s.log.Error("a page failed", "what", what, "error", err)
	http.Error(w, "Something went wrong here. The operator finds out what in the log; try again in a minute.", http.StatusServiceUnavailable)
}
