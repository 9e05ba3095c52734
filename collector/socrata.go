package collector

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/citygauge/citygauge/internal/programme"
)

// socrataKind pulls a dataset of a Socrata portal. The url is the portal's, such
// as https://data.example.gov, for its API 2.1; with /api/v3 behind it, for 3.
type socrataKind struct{}

// socrataPage is how many records are asked for at a time: version 2.0 gives
// 50,000 at most, and pages far into a dataset take long.
const socrataPage = 25_000

// Check wants the dataset's identifier.
func (socrataKind) Check(s programme.Source) []Lack { return need(s, "dataset") }

// soda is a dataset being asked.
type soda struct {
	*Pull
	base string
	v3   bool
}

func newSoda(p *Pull) soda {
	base := strings.TrimSuffix(p.Source.URL, "/")
	base, v3 := strings.CutSuffix(base, "/api/v3")
	return soda{p, base, v3}
}

// ask runs a SoQL statement, of whose result it gives a page: size records from
// one on, which in version 3 is a multiple of size.
func (s soda) ask(ctx context.Context, soql string, from, size int64) ([]byte, error) {
	r := Request{Header: s.authorization("")}
	if s.Token() != "" {
		r.Header = http.Header{"X-App-Token": {s.Token()}}
	}
	id := url.PathEscape(s.Source.Dataset)
	if s.v3 {
		r.URL = s.base + "/api/v3/views/" + id + "/query.json"
		body, err := json.Marshal(map[string]any{"query": soql, "page": map[string]int64{"pageNumber": from/size + 1, "pageSize": size}, "includeSynthetic": false})
		if err != nil {
			return nil, err
		}
		r.Body = body
	} else {
		r.URL = s.base + "/resource/" + id + ".json?" + url.Values{"$query": {fmt.Sprintf("%s LIMIT %d OFFSET %d", soql, size, from)}}.Encode()
	}
	return s.page(ctx, r)
}

// pages runs a statement and hands on every record of its result, which is
// ordered by something unique: otherwise pages overlap. A page that is not full
// is no end, since portals give less than they are asked for; one of fewer than
// any portal gives is, where nobody knows how many are to come.
func (s soda) pages(ctx context.Context, soql string, announced int64, do func(record []byte) error) error {
	const fewest = 1000
	for from := int64(0); from != announced; {
		content, err := s.ask(ctx, soql, from, socrataPage)
		if err != nil {
			return err
		}
		records := int64(0)
		if err := eachItem(content, "", func(record []byte) error { records++; return do(record) }); err != nil {
			return err
		}
		if from += records; records == 0 || announced < 0 && records < fewest {
			return nil
		}
		if err := s.Page(content); err != nil {
			return err
		}
	}
	return nil
}

// state is how many records there are, and when one was last touched. A full
// replacement touches all of them, whether or not they differ.
func (s soda) state(ctx context.Context) (records int64, watermark string, err error) {
	content, err := s.ask(ctx, "SELECT count(*) AS n, max(:updated_at) AS touched", 0, 1)
	if err != nil {
		return 0, "", err
	}
	n := gjson.GetBytes(content, "0.n")
	records, err = strconv.ParseInt(n.String(), 10, 64)
	if err != nil {
		return 0, "", fail(NotData, "the portal does not say how many records there are: %.200s", content)
	}
	return records, fmt.Sprintf("%d at %s", records, gjson.GetBytes(content, "0.touched").String()), nil
}

// begin learns of the dataset what there is to know before its records.
func (s soda) begin(ctx context.Context) (int64, error) {
	records, watermark, err := s.state(ctx)
	if err != nil {
		return 0, err
	}
	if s.remembers() && s.Memory.Watermark == watermark {
		return 0, errUnchanged
	}
	s.Learnt.Watermark = watermark
	return records, nil
}

// settled fails where the dataset was touched since the pull began: pages of a
// dataset that is being replaced are of both the old and the new.
func (s soda) settled(ctx context.Context) error {
	_, watermark, err := s.state(ctx)
	if err != nil {
		return err
	}
	if watermark != s.Learnt.Watermark {
		return failSoon(Incomplete, "the dataset was changed while it was pulled: from %s to %s", s.Learnt.Watermark, watermark)
	}
	return nil
}

// Pull pages through the records.
func (socrataKind) Pull(ctx context.Context, p *Pull) error {
	s := newSoda(p)
	records, err := s.begin(ctx)
	if err != nil {
		return err
	}
	if err := p.Announce(records); err != nil {
		return err
	}
	reader := newJSONReader(p.Columns, true)
	// With the ids no two pages are alike, as full ones of years alone would be.
	names := []string{soqlName(":id")}
	for _, c := range p.Columns {
		if c != ":id" {
			names = append(names, soqlName(c))
		}
	}
	// Empty fields are left out of records, so that a column that is gone is told
	// by the error of the statement.
	soql := "SELECT " + strings.Join(names, ", ") + " ORDER BY :id"
	if err := s.pages(ctx, soql, records, func(record []byte) error { return p.Record(reader.read(record)) }); err != nil {
		return err
	}
	return s.settled(ctx)
}

// soqlName is a column's name in SoQL; system fields begin with a colon.
func soqlName(name string) string { return "`" + strings.ReplaceAll(name, "`", "") + "`" }

func soqlText(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
