package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"github.com/munnerz/goautoneg"

	"github.com/citygauge/citygauge/internal/programme"
)

// The formats of what is read.
const (
	asJSON = "application/json"
	asCSV  = "text/csv"
)

// format is the format that a request prefers, and what Tables call it.
func (c *call) format() (media, name string, err error) {
	accept := c.r.Header.Get("Accept")
	if accept == "" {
		accept = asJSON
	}
	switch media = goautoneg.Negotiate(accept, []string{asJSON, asCSV}); media {
	case asJSON:
		return media, "json", nil
	case asCSV:
		return media, "csv", nil
	}
	return "", "", errAccept
}

// list is a page as JSON.
type list struct {
	Items any     `json:"items"`
	Next  *string `json:"next"` // the cursor of the next page; nil is the last
}

// linkTo leads to the page of a cursor.
func (c *call) linkTo(next cursor) *string {
	text := next.String()
	q := c.r.URL.Query()
	q.Set("cursor", text)
	to := url.URL{Path: c.r.URL.Path, RawQuery: q.Encode()}
	c.w.Header().Set("Link", "<"+to.String()+`>; rel="next"`)
	return &text
}

// page answers with rows, of which one more than a page has was asked for. It
// is written whole or not at all.
func page[T any](c *call, limit int, rows []T, table func(io.Writer, string, []T) error, place func(T) programme.Place) error {
	media, format, err := c.format()
	if err != nil {
		return err
	}
	more := len(rows) > limit
	if more {
		rows = rows[:limit]
	}
	var text bytes.Buffer
	if err := table(&text, format, rows); err != nil {
		return err
	}
	var next *string
	if more {
		next = c.linkTo(cursorOf(place(rows[limit-1])))
	}
	if media == asJSON {
		return c.write(http.StatusOK, list{json.RawMessage(text.Bytes()), next})
	}
	c.w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	c.w.Header().Set("Content-Length", strconv.Itoa(text.Len()))
	_, _ = text.WriteTo(c.w) // that a client went away is its own affair
	return nil
}

// choose reads what a request chooses, and makes sure that its reader knows it.
func (a *API) choose(c *call, q *query) (programme.Filter, error) {
	f := q.filter(c)
	if q.err != nil {
		return f, q.err
	}
	return f, a.known(c.r.Context(), f)
}

// known makes sure that a filter names nothing that its reader may not see, or
// that does not exist: it would be taken for something without values.
func (a *API) known(ctx context.Context, f programme.Filter) error {
	for what, names := range map[string][]string{"city": f.Cities, "indicator": f.Indicators, "cohort": f.Cohorts} {
		for _, name := range names {
			if !programme.IsSlug(name) {
				return unknown(what, name)
			}
		}
	}
	what, name, err := a.Source.Unknown(ctx, f)
	if err == nil && what != "" {
		err = unknown(what, name)
	}
	return err
}

func unknown(what, name string) error {
	return errNotFound.saying("the %s %q does not exist, or you may not see it", what, name)
}

// attach has a browser save what is answered.
func attach(w http.ResponseWriter, name, kind string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}
