package intake_test

import (
	"errors"
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
