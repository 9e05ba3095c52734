package backtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// monthly is a file of one city with ten events in every month of some years.
func monthly(years ...int) string {
	var b strings.Builder
	fmt.Fprintln(&b, "city,indicator,period,value")
	for _, year := range years {
		for month := range 12 {
			fmt.Fprintf(&b, "springfield,thefts,%d-%02d,10\n", year, month+1)
		}
	}
	return b.String()
}

func TestRead(t *testing.T) {
	by := tenthLess(programme.Total, programme.Count)
	// The newest year comes first, and what is after it is not over.
	all, err := Read(strings.NewReader(monthly(2025, 2024)+"springfield,thefts,2026-01,10\n"), by)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || all[0].Target.End.String() != "2025-12-31" || all[0].Target.Target != progress.Known(108) {
		t.Fatalf("got %+v", all)
	}
	cases := Try(all)
	if len(cases) != 9 {
		t.Fatalf("%d forecasts, want one from each of nine months' ends", len(cases))
	}
	c := cases[0]
	if c.Outcome != 120 || c.Met || c.LastYear != 120 || c.SoFar != 120 || c.Scale != 120 || c.Large || c.Origin != Early {
		t.Errorf("got %+v", c)
	}
	if c.HalfWidth <= 0 || c.Forecast.Lower.Number > 120 || c.Forecast.Upper.Number < 120 {
		t.Errorf("got %+v", c)
	}
}

// An export of observations has other columns too, and values that are withheld.
func TestReadOfAnExport(t *testing.T) {
	file := "\ufeffPeriod,value,status,city,indicator\n2025-01,7,final,springfield,thefts\n2025-02,[c],suppressed,springfield,thefts\n2025-03,,,springfield,thefts\n"
	all, err := Read(strings.NewReader(file), tenthLess(programme.Total, programme.Count))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || all[0].City != "springfield" || len(all[0].Values) != 1 || all[0].Values[0].Value != 7 {
		t.Errorf("got %+v", all)
	}
}

func TestLastWholeYear(t *testing.T) {
	for period, want := range map[string]int{
		"2025-12": 2025, "2025-11": 2024, "2026-01": 2025, "2025-W52": 2025, "2025-W51": 2024, "2026-W01": 2025,
		"2025-Q4": 2025, "2025-12-31": 2025, "2025-12-30": 2024, "2025": 2025,
	} {
		p, err := programme.ParsePeriod(period)
		if err != nil {
			t.Fatal(err)
		}
		if got := lastWhole(p); got != want {
			t.Errorf("with %s the newest whole year is %d, want %d", period, got, want)
		}
	}
}

func TestRunWithoutACase(t *testing.T) {
	err := Run(io.Discard, nil, strings.NewReader(monthly(2025)), tenthLess(programme.Total, programme.Count))
	if !errors.Is(err, ErrObservations) {
		t.Errorf("the error is %v, want that nothing can be tried", err)
	}
}

func TestReadRefuses(t *testing.T) {
	header := "city,indicator,period,value\n"
	for _, tt := range []struct {
		name, file, want string
	}{
		{"no header", "", "header"},
		{"a column that is missing", "city,indicator,value\n", "there is no column period"},
		{"a missing cell", header + "a,b,2025-01\n", "wrong number of fields"},
		{"a bad period", header + "a,b,2025-13,1\n", "line 2"},
		{"a bad number", header + "a,b,2025-01,1\na,b,2025-02,many\n", "line 3"},
		{"a period twice", header + "a,b,2025-01,1\na,b,2025-01,2\n", "2025-01 and 2025-01"},
		{"two frequencies", header + "a,b,2025-01,1\na,b,2025-Q1,2\n", "one frequency"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(tt.file), Judging{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestASeriesWithAGapIsLeftOut(t *testing.T) {
	file := strings.Replace(monthly(2024, 2025), "springfield,thefts,2025-08,10\n", "", 1)
	all, err := Read(strings.NewReader(file), tenthLess(programme.Total, programme.Count))
	if err != nil {
		t.Fatal(err)
	}
	if cases := Try(all); len(cases) != 0 {
		t.Errorf("%d forecasts of a year without an outcome", len(cases))
	}
}

func TestRun(t *testing.T) {
	var tables, plot bytes.Buffer
	if err := Run(&tables, &plot, strings.NewReader(monthly(2024, 2025)), tenthLess("", programme.Count)); err != nil {
		t.Fatal(err)
	}
	for _, m := range programme.Measures {
		if want := fmt.Sprintf("%s, monthly count", m); !strings.Contains(tables.String(), want) || !strings.Contains(plot.String(), want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, want := range []string{"Observed:", "Simulated:", "heavy tails", "Cities in which nothing changes"} {
		if !strings.Contains(tables.String(), want) {
			t.Errorf("%q is missing in\n%s", want, tables.String())
		}
	}
}
