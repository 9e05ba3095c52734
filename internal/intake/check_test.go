package intake_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// found is a sink that keeps everything.
type found struct {
	rows      []intake.Row
	problems  []intake.Problem
	retracted []intake.Key
	about     intake.About
}

func (f *found) Row(r intake.Row) error {
	r.Note = append([]byte(nil), r.Note...)
	f.rows = append(f.rows, r)
	return nil
}

func (f *found) Problem(p intake.Problem) error {
	f.problems = append(f.problems, p)
	return nil
}

func (f *found) About(a intake.About) error {
	f.about = a
	return nil
}

func (f *found) Retract(k intake.Key) error {
	f.retracted = append(f.retracted, k)
	return nil
}

func cities() intake.Catalogue {
	low, high := 0.0, 5000.0
	indicator := func(city, id, title string, f programme.Frequency, k programme.Kind) programme.Indicator {
		return programme.Indicator{City: city, ID: id, Title: title, Frequency: f, Kind: k}
	}
	rate := indicator("boston", "rate", "Rate of readmission", programme.Monthly, programme.Quantity)
	rate.Plausible = programme.Bounds{Min: &low, Max: &high}
	return intake.NewCatalogue(programme.Programme{
		Cities: []programme.City{
			{ID: "boston", Name: "Boston, Massachusetts"},
			{ID: "lima", Name: "Lima"},
			{ID: "springfield-il", Name: "Springfield"},
			{ID: "springfield-ma", Name: "Springfield"},
		},
		Indicators: []programme.Indicator{
			indicator("boston", "homicides", "Homicides", programme.Monthly, programme.Count),
			rate,
			indicator("lima", "homicides", "Homicidios", programme.Monthly, programme.Count),
			indicator("boston", "shelter", "People in shelters", programme.Weekly, programme.Quantity),
		},
	})
}

func options() intake.Options {
	return intake.Options{
		Catalogue: cities(),
		Today:     func(programme.City) programme.Date { return programme.NewDate(2025, 6, 15) },
	}
}

func file(content string) intake.Source {
	return intake.Source{Name: "june.csv", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func check(t *testing.T, content string, o intake.Options) (*found, intake.Summary) {
	t.Helper()
	var f found
	sum, err := intake.Check(context.Background(), file(content), o, &f)
	if err != nil {
		t.Fatal(err)
	}
	return &f, sum
}

const tidy = "city,indicator,period,value\n"

func TestRowsAreTaken(t *testing.T) {
	month := func(m int) programme.Period { return programme.Month(2025, 1).Plus(m - 1) }
	boston := func(line, m int, value float64) intake.Row {
		return intake.Row{Key: intake.Key{City: 0, Indicator: 0, Period: month(m)}, Line: line, Value: value}
	}
	with := func(r intake.Row, change func(*intake.Row)) intake.Row { change(&r); return r }
	final := func(r *intake.Row) { r.Status = programme.Final }

	cases := map[string]struct {
		content string
		change  func(*intake.Options)
		rows    []intake.Row
		skipped int
	}{
		"tidy":                             {tidy + "boston,homicides,2025-01,3\nboston,homicides,2025-02,0\n", nil, []intake.Row{boston(2, 1, 3), boston(3, 2, 0)}, 0},
		"names and titles in any case":     {tidy + "\"BOSTON, massachusetts\",HOMICIDES,2025-01,3\nBoston,Homicides,2025-02,4", nil, []intake.Row{boston(2, 1, 3), boston(3, 2, 4)}, 0},
		"columns in any order and case":    {"Value, PERIOD ,Indicator,City\n3,2025-01,homicides,boston\n", nil, []intake.Row{boston(2, 1, 3)}, 0},
		"semicolons":                       {"city;indicator;period;value\nboston;homicides;2025-01;3\n", nil, []intake.Row{boston(2, 1, 3)}, 0},
		"tabs":                             {"city\tindicator\tperiod\tvalue\nboston\thomicides\t2025-01\t3\n", nil, []intake.Row{boston(2, 1, 3)}, 0},
		"bars":                             {"city|indicator|period|value\nboston|homicides|2025-01|3\n", nil, []intake.Row{boston(2, 1, 3)}, 0},
		"byte order mark and CRLF":         {"\uFEFFcity,indicator,period,value\r\nboston,homicides,2025-01,3\r\nboston,homicides,2025-02,4\r\n", nil, []intake.Row{boston(2, 1, 3), boston(3, 2, 4)}, 0},
		"carriage returns alone":           {"city,indicator,period,value\rboston,homicides,2025-01,3\rboston,homicides,2025-02,4\r", nil, []intake.Row{boston(2, 1, 3), boston(3, 2, 4)}, 0},
		"blank lines and trailing columns": {"\n\ncity,indicator,period,value,,\n,,,,,\n  \nboston,homicides,2025-01,3,,,,\n\n", nil, []intake.Row{boston(6, 1, 3)}, 0},
		"blanks around cells":              {tidy + " boston ,\u00a0homicides, 2025-01 ,\t3 \n", nil, []intake.Row{boston(2, 1, 3)}, 0},
		"lines after a note with breaks": {"city,indicator,period,value,note\nboston,homicides,2025-01,3,\"first\n\"\"second\"\", third\"\nboston,homicides,2025-02,4,\n", nil, []intake.Row{
			with(boston(2, 1, 3), func(r *intake.Row) { r.HasNote, r.Note = true, []byte("first\n\"second\", third") }),
			with(boston(4, 2, 4), func(r *intake.Row) { r.HasNote = true }),
		}, 0},
		"statuses": {"city,indicator,period,value,status\nboston,homicides,2025-01,3,\nboston,homicides,2025-02,4,Estimated\nboston,homicides,2025-06,4,PROVISIONAL\n", nil, []intake.Row{
			with(boston(2, 1, 3), final),
			with(boston(3, 2, 4), func(r *intake.Row) { r.Status = programme.Estimated }),
			with(boston(4, 6, 4), func(r *intake.Row) { r.Status = programme.Provisional }),
		}, 0},
		"optional cells that a spreadsheet left out": {"city,indicator,period,value,status\nboston,homicides,2025-01,3\n", nil, []intake.Row{with(boston(2, 1, 3), final)}, 0},
		"suppressed": {tidy + "boston,homicides,2025-01,<5\nboston,homicides,2025-02,*\nboston,homicides,2025-03,C\nboston,homicides,2025-04,[c]\n", nil, []intake.Row{
			with(boston(2, 1, 0), func(r *intake.Row) { r.Status = programme.Suppressed }),
			with(boston(3, 2, 0), func(r *intake.Row) { r.Status = programme.Suppressed }),
			with(boston(4, 3, 0), func(r *intake.Row) { r.Status = programme.Suppressed }),
			with(boston(5, 4, 0), func(r *intake.Row) { r.Status = programme.Suppressed }),
		}, 0},
		"suppressed by its status": {"city,indicator,period,value,status\nboston,homicides,2025-01,,suppressed\n", nil, []intake.Row{
			with(boston(2, 1, 0), func(r *intake.Row) { r.Status = programme.Suppressed }),
		}, 0},
		"no value, in periods to come too": {tidy + "boston,homicides,2025-01,\nboston,homicides,2025-02,NA\nboston,homicides,2025-03,n/a\nboston,homicides,2025-04,-\nboston,homicides,2025-12,..\n", nil, nil, 5},
		"no value does not repeat one":     {tidy + "boston,homicides,2025-01,\nboston,homicides,2025-01,3\n", nil, []intake.Row{boston(3, 1, 3)}, 1},
		"withdrawn":                        {tidy + "boston,homicides,2025-01,DELETE\n", nil, []intake.Row{with(boston(2, 1, 0), func(r *intake.Row) { r.Withdraw = true })}, 0},
		"the last day of a period is today": {tidy + "boston,homicides,2025-06,3\n", func(o *intake.Options) {
			o.Today = func(programme.City) programme.Date { return programme.NewDate(2025, 6, 30) }
		}, []intake.Row{boston(2, 6, 3)}, 0},
		"provisional from the first day of a period": {"city,indicator,period,value,status\nboston,homicides,2025-06,3,provisional\n", func(o *intake.Options) {
			o.Today = func(programme.City) programme.Date { return programme.NewDate(2025, 6, 1) }
		}, []intake.Row{with(boston(2, 6, 3), func(r *intake.Row) { r.Status = programme.Provisional })}, 0},
		"a file just as large as the limit": {tidy + "boston,homicides,2025-01,3\n", func(o *intake.Options) {
			o.Limits.Bytes = int64(len(tidy + "boston,homicides,2025-01,3\n"))
		}, []intake.Row{boston(2, 1, 3)}, 0},
		"no city column and one city": {"indicator,period,value\nhomicides,2025-01,3\n", func(o *intake.Options) {
			o.Catalogue = o.Catalogue.Only("boston")
		}, []intake.Row{boston(2, 1, 3)}, 0},
		"no indicator column": {"city,period,value\nboston,2025-01,3\n", func(o *intake.Options) {
			o.Indicator = "Homicides"
		}, []intake.Row{boston(2, 1, 3)}, 0},
		"our own export": {"city,indicator,period,value,status,revision,recorded_at\nboston,rate,2025-01,1.234,final,7,2025-02-01T10:00:00Z\n", nil, []intake.Row{
			{Key: intake.Key{Indicator: 1, Period: month(1)}, Line: 2, Value: 1.234, Status: programme.Final},
		}, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o := options()
			if c.change != nil {
				c.change(&o)
			}
			f, sum := check(t, c.content, o)
			if diff := cmp.Diff(c.rows, f.rows, cmp.Comparer(func(a, b programme.Period) bool { return a == b }), cmp.Comparer(func(a, b []byte) bool { return string(a) == string(b) })); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if len(f.problems) > 0 {
				t.Errorf("problems: %+v", f.problems)
			}
			if sum.Rows != len(c.rows) || sum.Skipped != c.skipped || sum.Refused {
				t.Errorf("summary %+v", sum)
			}
		})
	}
}

func TestDecimalMarks(t *testing.T) {
	const header = "city;indicator;period;value\n"
	point := func(o *intake.Options) { o.Decimal = intake.DecimalPoint }
	comma := func(o *intake.Options) { o.Decimal = intake.DecimalComma }
	auto := func(*intake.Options) {}
	cases := map[string]struct {
		first, last string
		change      func(*intake.Options)
		want        []float64
		opened      int
	}{
		"nothing to settle":         {"1234", "12.5", auto, []float64{1234, 12.5}, 1},
		"settled below by a comma":  {"1.234", "2,5", auto, []float64{1234, 2.5}, 2},
		"settled above by a point":  {"2.5", "1.234", auto, []float64{2.5, 1.234}, 2},
		"settled by thousands":      {"1,234", "1,234,567", auto, []float64{1234, 1234567}, 2},
		"settled by commas of both": {"1,234", "1.234,5", auto, []float64{1.234, 1234.5}, 2},
		"point is said":             {"1.234", "1,234", point, []float64{1.234, 1234}, 1},
		"comma is said":             {"1.234", "1,234", comma, []float64{1234, 1.234}, 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Catalogue = o.Catalogue.Only("lima")
			o.Catalogue.Indicators[0].Kind = programme.Quantity
			c.change(&o)
			source := file(header + "lima;homicides;2025-01;" + c.first + "\nlima;homicides;2025-02;" + c.last + "\n")
			opened, open := 0, source.Open
			source.Open = func() (io.ReadCloser, error) {
				opened++
				return open()
			}
			var f found
			if _, err := intake.Check(context.Background(), source, o, &f); err != nil || len(f.problems) > 0 {
				t.Fatalf("error %v, problems %+v", err, f.problems)
			}
			var got []float64
			for _, r := range f.rows {
				got = append(got, r.Value)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
			if opened != c.opened {
				t.Errorf("the file is opened %d times, want %d", opened, c.opened)
			}
		})
	}
}

var errSink = errors.New("the sink is full")

type failing struct{ discard }

func (failing) Row(intake.Row) error { return errSink }

func TestErrorsThatAreNotTheFiles(t *testing.T) {
	content := tidy + "boston,homicides,2025-01,3\n"
	errOpen := errors.New("no such file")
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	cases := map[string]struct {
		ctx    context.Context
		source intake.Source
		sink   intake.Sink
		want   error
	}{
		"sink":      {context.Background(), file(content), failing{}, errSink},
		"source":    {context.Background(), intake.Source{Name: "x", Open: func() (io.ReadCloser, error) { return nil, errOpen }}, discard{}, errOpen},
		"cancelled": {cancelled, file(content), discard{}, context.Canceled},
		"half a file": {context.Background(), intake.Source{Name: "x", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(content), readerFunc(func([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }))), nil
		}}, discard{}, io.ErrUnexpectedEOF},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := intake.Check(c.ctx, c.source, options(), c.sink); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

// What cannot be seen around a cell changes nothing.
func TestUnseenCharacters(t *testing.T) {
	content := "\u200fcity,indicator,\u200eperiod\u200e,value\n\u200bboston,shelter\u00a0,\u202a2025-W05\u202c,\u2067\u22125.5\u2069\ufeff\n"
	f, _ := check(t, content, options())
	if len(f.problems) > 0 || len(f.rows) != 1 || f.rows[0].Value != -5.5 {
		t.Errorf("found %+v", f)
	}
}

// A file tells of which cities it speaks, whatever becomes of its rows.
func TestAbout(t *testing.T) {
	for name, c := range map[string]struct {
		content   string
		cities    []int
		elsewhere bool
	}{
		"a row":                          {tidy + "boston,rate,2025-01,1\n", []int{0}, false},
		"a wrong value":                  {tidy + "boston,rate,2025-01,1\nlima,homicides,2025-01,x\n", []int{0, 1}, false},
		"a wrong indicator":              {tidy + "lima,rate,2025-01,1\n", []int{1}, false},
		"a wrong city":                   {tidy + "boston,rate,2025-01,1\nrome,rate,2025-01,1\n", []int{0}, true},
		"a city of two":                  {tidy + "Springfield,rate,2025-01,1\n", nil, true},
		"no value":                       {tidy + "lima,homicides,2025-01,\n", []int{1}, false},
		"a remark":                       {tidy + "Boston is well,,,\n", nil, true},
		"a remark of a city":             {tidy + "Lima,,,\n", []int{1}, false},
		"a broken row":                   {tidy + "\"lima,homicides\n", nil, true},
		"an empty cell of a table":       {"city,indicator,2025-01\nlima,homicides,\n", []int{1}, false},
		"one of a city that is unknown":  {"city,indicator,2025-01\nrome,homicides,\n", nil, true},
		"several cities, none of a cell": {"city,period,homicides\nboston,2025-01,1\nlima,2025-01,\n", []int{0, 1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := check(t, c.content, options())
			if diff := cmp.Diff(intake.About{Cities: c.cities, Elsewhere: c.elsewhere}, f.about); diff != "" {
				t.Errorf("it is about (-want +got):\n%s", diff)
			}
		})
	}
}
