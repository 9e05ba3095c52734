package intake_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
)

// TestUnusualChange holds that a number beyond the bounds it is handed is
// reported at its cell and taken, and that nothing else asks for bounds.
func TestUnusualChange(t *testing.T) {
	o := options()
	o.Bounds = func(k intake.Key) (intake.Bounds, error) {
		return intake.Bounds{Low: 9.87654, High: 20, Known: o.Catalogue.Indicators[k.Indicator].ID == "rate"}, nil
	}
	f, sum := check(t, tidy+"boston,rate,2025-01,9\nboston,rate,2025-02,9.87654\nboston,rate,2025-03,21\nboston,rate,2025-04,<5\nboston,rate,2025-05,x\nboston,homicides,2025-01,900\n", o)
	got := []string{}
	for _, p := range f.problems {
		got = append(got, place(p)+" "+p.Message)
	}
	const expected = "by what was observed before, one would expect from 9.877 to 20 here for rate in "
	want := []string{"unusual-change 2 D/value 9 " + expected + "2025-01", "unusual-change 4 D/value 21 " + expected + "2025-03", "bad-number 6 D/value x this is no number"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if want := (intake.Summary{Rows: 5, Rejected: 1, Errors: 1, Warnings: 2}); sum != want {
		t.Errorf("summary %+v, want %+v", sum, want)
	}

	broken := errors.New("no connection")
	o.Bounds = func(intake.Key) (intake.Bounds, error) { return intake.Bounds{}, broken }
	if _, err := intake.Check(t.Context(), file(tidy+"boston,rate,2025-01,9\n"), o, &found{}); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
}

// TestPercentOrPart holds that a number that may be a part of 1 is reported where
// others of its indicator have a per cent sign, before it or after it, and taken.
func TestPercentOrPart(t *testing.T) {
	const said = " other numbers of rate have a percent sign, and this one has none: it may be meant as "
	for _, c := range []struct {
		name, rows string
		want       []string
	}{
		{"after a sign", "boston,rate,2025-01,83.2%\nboston,rate,2025-02,0.825\nboston,rate,2025-03,.07\n", []string{
			"percent-or-part 3 D/value 0.825" + said + "82.5%", "percent-or-part 4 D/value .07" + said + "7%",
		}},
		{"before one", "boston,rate,2025-01,0.825\nboston,rate,2025-02,0.9\nboston,rate,2025-03,83.2 %\nboston,rate,2025-04,1\n", []string{
			"percent-or-part 2 D/value 0.825" + said + "82.5%", "percent-or-part 5 D/value 1" + said + "100%",
		}},
		{"signs alone", "boston,rate,2025-01,83.2%\nboston,rate,2025-02,0.5%\n", nil},
		{"parts alone", "boston,rate,2025-01,0.832\nboston,rate,2025-02,0.5\n", nil},
		{"too large for a part, and nothing", "boston,rate,2025-01,83.2%\nboston,rate,2025-02,82.5\nboston,rate,2025-03,0\n", nil},
		{"of another indicator", "boston,rate,2025-01,83.2%\nboston,homicides,2025-01,1\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, sum := check(t, tidy+c.rows, options())
			var got []string
			for _, p := range f.problems {
				got = append(got, place(p)+" "+p.Message)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if sum.Errors != 0 || sum.Warnings != len(c.want) || sum.Rows != strings.Count(c.rows, "\n") {
				t.Errorf("summary %+v", sum)
			}
		})
	}
}

// TestFilesNamedAfterAnIndicator need no column for it.
func TestFilesNamedAfterAnIndicator(t *testing.T) {
	for name, want := range map[string]int{"Homicides.csv": 1, "/tmp/rate.of.CSV": 0, "rate of readmission.txt": 1, "june.csv": 0} {
		source := file("city,period,value\nboston,2025-01,3\n")
		source.Name = name
		var f found
		sum, err := intake.Check(t.Context(), source, options(), &f)
		if err != nil || sum.Rows != want || sum.Refused != (want == 0) {
			t.Errorf("%s: %+v, %v, %+v", name, sum, err, f.problems)
		}
	}
}
