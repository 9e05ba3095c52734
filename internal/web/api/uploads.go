package api

import (
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/upload"
)

const usualUploads, mostUploads = 200, 1000

// uploads are those all of whose cities one may see, the newest first.
func (a *API) uploads(c *call) error {
	q := c.query("city", "limit", "cursor")
	before, limit := q.cursor().Before, q.limit(usualUploads, mostUploads)
	f, err := a.choose(c, q)
	if err != nil {
		return err
	}
	records, err := a.Source.Uploads(c.r.Context(), f.Scope, f.Cities, before, limit+1)
	if err != nil {
		return err
	}
	answer := list{}
	if len(records) > limit {
		records = records[:limit]
		answer.Next = c.linkTo(cursor{Before: records[limit-1].Number})
	}
	for n := range records {
		records[n] = shown(records[n])
	}
	answer.Items = records
	return c.write(http.StatusOK, answer)
}

// shown is a record as it is answered: its time is UTC's.
func shown(r upload.Record) upload.Record {
	r.At = r.At.UTC()
	r.Cities = append([]string{}, r.Cities...)
	return r
}

// find is the upload of the path, with its report, as far as one may see it.
func (a *API) find(c *call) (upload.Record, upload.Report, error) {
	number, err := strconv.ParseInt(c.r.PathValue("id"), 10, 64)
	if err != nil || number <= 0 {
		return upload.Record{}, upload.Report{}, errNotFound
	}
	return a.Source.Upload(c.r.Context(), c.who.ReadScope(), number)
}

// mayWrite reports whether one may write every city that an upload speaks of.
func (c *call) mayWrite(r upload.Record) bool {
	if len(r.Cities) == 0 {
		return c.who.WriteScope() == nil
	}
	return !slices.ContainsFunc(r.Cities, func(city string) bool { return !c.who.Writes(city) })
}

// detail is an upload with its report.
type detail struct {
	upload.Record
	Report upload.Report `json:"report"`
}

func (a *API) oneUpload(c *call) error {
	q := c.query()
	record, report, err := a.find(c)
	if err := errors.Join(q.err, err); err != nil {
		return err
	}
	return c.write(http.StatusOK, detail{shown(record), report})
}

// file is an upload's file, byte for byte.
func (a *API) file(c *call) error {
	q := c.query()
	record, _, err := a.find(c)
	if err := errors.Join(q.err, err); err != nil {
		return err
	}
	return c.spooled(func(w io.Writer) error {
		return a.Source.UploadFile(c.r.Context(), c.who.ReadScope(), record.Number, w)
	}, func() { attach(c.w, record.File, "application/octet-stream") })
}

// problems are all problems of an upload's file.
func (a *API) problems(c *call) error {
	q := c.query()
	media, _, err := c.format()
	if err := errors.Join(q.err, err); err != nil {
		return err
	}
	record, _, err := a.find(c)
	if err != nil {
		return err
	}
	by := upload.Sender{Account: c.who.Name, Scope: c.who.ReadScope()}
	each := func(do func(intake.Problem) error) error {
		return a.Uploads.Problems(c.r.Context(), record.Number, by, do)
	}
	if media == asCSV {
		return c.spooled(func(w io.Writer) error {
			table, err := upload.NewProblemCSV(w)
			if err != nil {
				return err
			}
			return errors.Join(each(table.Add), table.Flush())
		}, func() { c.w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present") })
	}
	return c.spooled(func(w io.Writer) error { return writeProblems(w, each) }, func() { c.w.Header().Set("Content-Type", asJSON) })
}

// spooled answers with what fill writes, once all of it is there: no client,
// however slow, keeps the database waiting, and none gets half of it.
func (c *call) spooled(fill func(io.Writer) error, head func()) error {
	spool, err := os.CreateTemp("", "citygauge-api-*")
	if err != nil {
		return err
	}
	defer os.Remove(spool.Name()) //nolint:errcheck // the system clears its temporary files
	defer spool.Close()
	if err := fill(spool); err != nil {
		return err
	}
	size, err := spool.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = spool.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	head()
	c.w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	_, _ = io.Copy(c.w, spool) // that a client went away is its own affair
	return nil
}
