package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// decimals are what a number such as 1.234 means, by what a request calls it.
var decimals = map[string]intake.Decimal{"point": intake.DecimalPoint, "comma": intake.DecimalComma}

// upload takes a file in, or says what that would do.
func (a *API) upload(c *call) error {
	q := c.query("city", "indicator", "dry_run", "on_error", "decimal", "sheet")
	dry := q.one("dry_run", "false", "true") == "true"
	r := upload.Request{
		Account: c.who.Name, Indicator: q.text("indicator"), Sheet: q.text("sheet"), Decimal: decimals[q.one("decimal", "", "point", "comma")],
		OnError: upload.OnError(q.one("on_error", string(upload.Reject), string(upload.Skip))), Limits: a.Limits,
		Key: c.r.Header.Get("Idempotency-Key"),
	}
	if len(r.Key) > maxKey || strings.ContainsFunc(r.Key, func(c rune) bool { return c < ' ' || c > '~' }) {
		q.wrong("the Idempotency-Key has over %d characters, or other than those of ASCII", maxKey)
	}
	city := q.text("city")
	if q.err != nil {
		return q.err
	}
	var err error
	if r.Scope, err = a.writable(c, city); err != nil {
		return err
	}
	file, err := a.receive(c)
	if err != nil {
		return err
	}
	defer file.remove()
	r.Name, r.Content = file.name, file.open
	if dry {
		report, err := a.Uploads.Preview(c.r.Context(), r)
		return c.report(http.StatusOK, report, err)
	}
	report, err := a.Uploads.Import(c.r.Context(), r)
	return c.report(http.StatusCreated, report, err)
}

// maxKey is how many characters an idempotency key may have.
const maxKey = 255

// writable is the cities that a file may speak of: the one that was named, or
// all that one may write.
func (a *API) writable(c *call, city string) (upload.Scope, error) {
	scope := c.who.WriteScope()
	if city == "" {
		if scope != nil && len(scope) == 0 {
			return nil, errReadOnly
		}
		return scope, nil
	}
	if !c.who.Sees(city) {
		return nil, unknown("city", city)
	}
	// Whether there is such a city, those may know who see all.
	if err := a.known(c.r.Context(), programme.Filter{Scope: c.who.ReadScope(), Cities: []string{city}}); err != nil {
		return nil, err
	}
	if !c.who.Writes(city) {
		return nil, errReadOnly
	}
	return upload.Scope{city}, nil
}

// report answers with what became of a file.
func (c *call) report(status int, report upload.Report, err error) error {
	switch {
	case err != nil:
		return err
	case report.Refused():
		status = http.StatusUnprocessableEntity
	}
	if report.Upload > 0 {
		c.w.Header().Set("Location", Root+"/uploads/"+strconv.FormatInt(report.Upload, 10))
	}
	return c.write(status, report)
}

// commit puts a preview in force.
func (a *API) commit(c *call) error {
	if q := c.query(); q.err != nil {
		return q.err
	}
	if scope := c.who.WriteScope(); scope != nil && len(scope) == 0 {
		return errReadOnly
	}
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != asJSON {
		return errMedia.saying(`send {"token": "…"} as %s`, asJSON)
	}
	defer a.awaitBody(c)()
	var body struct {
		Token string `json:"token"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(c.w, c.r.Body, envelope))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&body)
	if err == nil {
		_, err = decoder.Token()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	if !errors.Is(err, io.EOF) || body.Token == "" {
		return errInvalid.saying(`the body is not {"token": "…"} with the token of a preview's report`)
	}
	report, err := a.Uploads.Commit(c.r.Context(), body.Token, upload.Sender{Account: c.who.Name, Scope: c.who.WriteScope()})
	return c.report(http.StatusCreated, report, err)
}

// revert restores what stood before an upload.
func (a *API) revert(c *call) error {
	q := c.query()
	record, _, err := a.find(c)
	if err := errors.Join(q.err, err); err != nil {
		return err
	}
	if !c.mayWrite(record) {
		return errReadOnly
	}
	report, err := a.Uploads.Revert(c.r.Context(), record.Number, upload.Sender{Account: c.who.Name, Scope: c.who.WriteScope()})
	return c.report(http.StatusCreated, report, err)
}
