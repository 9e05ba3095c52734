package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

func TestDuplicatesAreTakenBack(t *testing.T) {
	f, sum := check(t, tidy+"boston,homicides,2025-01,x\nboston,rate,2025-01,1\nboston,homicides,2025-01,3\nboston,rate,2025-02,5\nboston,rate,2025-01,1\nboston,rate,2025-01,2\n", options())
	january := programme.Month(2025, 1)
	if diff := cmp.Diff([]intake.Key{{Indicator: 0, Period: january}, {Indicator: 1, Period: january}}, f.retracted,
		cmp.Comparer(func(a, b programme.Period) bool { return a == b })); diff != "" {
		t.Errorf("retracted (-want +got):\n%s", diff)
	}
	if want := (intake.Summary{Rows: 1, Rejected: 5, Errors: 3}); sum != want {
		t.Errorf("summary %+v, want %+v", sum, want)
	}
	if got, want := f.problems[2].Message, "rate of boston in 2025-01 is on lines 3, 6 and 7"; got != want {
		t.Errorf("message %q, want %q", got, want)
	}
}

func TestDuplicatesAreListedUpToALimit(t *testing.T) {
	f, sum := check(t, tidy+strings.Repeat("boston,rate,2025-01,1\n", 15), options())
	if len(f.problems) != 1 || !strings.HasSuffix(f.problems[0].Message, "lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 5 more") {
		t.Errorf("problems %+v", f.problems)
	}
	if sum.Rows != 0 || sum.Rejected != 15 {
		t.Errorf("summary %+v", sum)
	}
}

func TestDuplicatesOfAFileThatIsTooLarge(t *testing.T) {
	o := options()
	row := "boston,rate,2025-01,1\n"
	o.Limits.Bytes = int64(len(tidy) + 2*len(row) + 1)
	f, sum := check(t, tidy+row+row+row, o)
	got := make([]string, len(f.problems))
	for i, p := range f.problems {
		got[i] = place(p)
	}
	if diff := cmp.Diff([]string{"too-large 0", "duplicate-row 2 C/period 2025-01"}, got); diff != "" || !sum.Refused {
		t.Errorf("summary %+v, problems (-want +got):\n%s", sum, diff)
	}
}

func TestTooManyDuplicatesEndTheReading(t *testing.T) {
	const days = 100_001
	o := options()
	o.Catalogue.Indicators[1].Frequency = programme.Daily
	var rows strings.Builder
	for i := range days {
		fmt.Fprintf(&rows, "boston,rate,%s,1\n", programme.NewDate(1700, 1, 1).AddDays(i))
	}
	f, sum := check(t, tidy+rows.String()+rows.String()+"boston,rate,x,1\n", o)
	if !sum.Refused || len(f.problems) != days || sum.Errors != days {
		t.Fatalf("%d problems, summary %+v", len(f.problems), sum)
	}
	if want := 2*days + 1; f.problems[0].Line != want || f.problems[0].Code != intake.DuplicateRow {
		t.Errorf("the first problem is %+v, want one on line %d", f.problems[0], want)
	}
}
