package web

import (
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/web/words"
)

// pages are the templates in one language.
type pages struct{ *template.Template }

func parsePages(l *words.Language) (*pages, error) {
	t, err := template.New("").Funcs(vocabulary(l)).ParseFS(files, "pages/*.html")
	return &pages{t}, err
}

// vocabulary is what templates can say.
func vocabulary(l *words.Language) template.FuncMap {
	return template.FuncMap{
		"say":    l.Text,
		"lang":   l.Tag,
		"date":   l.Date,
		"period": l.Period,
		"size":   l.Bytes,
		"whole":  func(n int64) string { return l.Number(float64(n), 0) },
		"count":  func(n int) string { return l.Number(float64(n), 0) },
		"ratio":  func(f progress.Figure) string { return l.Number(f.Number, 2) },
		"time":   func(t time.Time, zone *time.Location) string { return l.Time(t, zone) },
		"utc":    func() *time.Location { return time.UTC },
		"iso":    func(d programme.Date) string { return d.String() },
		"stamp":  func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"status": func(s progress.Status) (template.HTML, error) { return badge(l, s) },
		"shape":  shape,
		"dict":   dict,
		"spoken": spoken, "sentence": sentence,
	}
}

// spoken is a slug as people would write it.
func spoken(slug string) string { return sentence(strings.ReplaceAll(slug, "-", " ")) }

// sentence begins with a capital.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// dict hands several things to a template.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("a dict of %d things", len(pairs))
	}
	m := map[string]any{}
	for n := 0; n < len(pairs); n += 2 {
		name, ok := pairs[n].(string)
		if !ok {
			return nil, fmt.Errorf("the name %v in a dict is no text", pairs[n])
		}
		m[name] = pairs[n+1]
	}
	return m, nil
}

// ExecuteTemplate writes a page.
func (p *pages) ExecuteTemplate(w io.Writer, name string, view any) error {
	return p.Template.ExecuteTemplate(w, name, view)
}

func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}
