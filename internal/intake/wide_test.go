package intake_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
)

// TestProblemsOfTables has the place of each problem: that of the cell, and
// that of what goes down or across with it.
func TestProblemsOfTables(t *testing.T) {
	const periods, indicators = "city,indicator,2025-01,2025-02\n", "city,period,homicides,rate\n"
	boston := func(o *intake.Options) { o.Catalogue = o.Catalogue.Only("boston") }
	rate := func(o *intake.Options) { boston(o); o.Indicator = "rate" }
	cases := map[string]struct {
		content string
		change  func(*intake.Options)
		want    []string
	}{
		"cells":                              {periods + "boston,rate,x,9999\nboston,homicides,1.5,-\n", nil, []string{"bad-number 2 C/2025-01 x", "implausible 2 D/2025-02 9999", "not-a-count 3 C/2025-01 1.5"}},
		"cells under indicators":             {indicators + "boston,2025-01,1.5,x\n", nil, []string{"not-a-count 2 C/homicides 1.5", "bad-number 2 D/rate x"}},
		"what goes down is said once a row":  {periods + "bostn,rate,1,2\nboston,rat,1,2\nbostn,rate,1,2\n", nil, []string{"unknown-city 2 A/city bostn", "unknown-indicator 3 B/indicator rat", "unknown-city 4 A/city bostn"}},
		"a period down":                      {indicators + "boston,Jan,1,2\nboston,2025,1,2\n", nil, []string{"bad-period 2 B/period Jan", "wrong-frequency 3 B/period 2025", "wrong-frequency 3 B/period 2025"}},
		"a period across":                    {"city,indicator,2025-01,2025,2025-07\nboston,rate,1,2,3\n", nil, []string{"wrong-frequency 2 D/2025 2025", "future-period 2 E/2025-07 2025-07"}},
		"another frequency without value":    {"city,indicator,2025-01,2024\nboston,rate,1,\nboston,rate,,..\n", nil, []string{}},
		"not an indicator of that city":      {indicators + "lima,2025-01,1,2\n", nil, []string{"unknown-indicator 2 D/rate rate"}},
		"missing labels":                     {periods + ",rate,1,2\nboston,,1,\n", nil, []string{"missing-cell 2 A/city", "missing-cell 3 B/indicator"}},
		"stray cells":                        {"city,indicator,,2025-01\nboston,rate,x,1,y,z\n", nil, []string{"extra-cell 2 C x", "extra-cell 2 E y"}},
		"no city":                            {"indicator,2025-01\nrate,1\n", nil, []string{"missing-column 1"}},
		"no indicator":                       {"city,2025-01\nboston,1\n", nil, []string{"missing-column 1"}},
		"nothing but periods":                {"2025-01,2025-02\n1,x\n", rate, []string{"bad-number 2 B/2025-02 x"}},
		"nothing but a period down":          {"period,Homicides\n2025-01,x\n", boston, []string{"bad-number 2 B/Homicides x"}},
		"an unknown column":                  {"city,indicator,2025-01,Feb\nboston,rate,1,2\n", nil, []string{"unknown-column 1 D/Feb Feb"}},
		"an unknown indicator":               {"city,period,rate,rats\nboston,2025-01,1,2\n", nil, []string{"unknown-column 1 D/rats rats"}},
		"a status":                           {"city,indicator,2025-01,status\nboston,rate,1,final\n", nil, []string{"unknown-column 1 D/status status"}},
		"a column twice":                     {"city,indicator,2025-01,2025-01\nboston,rate,1,2\n", nil, []string{"duplicate-column 1 D/2025-01 2025-01"}},
		"an indicator twice":                 {"city,period,rate, RATE\nboston,2025-01,1,2\n", nil, []string{"duplicate-column 1 D/RATE RATE"}},
		"the same by its title":              {"city,period,rate,Rate of readmission\nboston,2025-01,1,2\n", nil, []string{"duplicate-row 2 B/period 2025-01"}},
		"a row twice":                        {periods + "boston,rate,1,2\nboston,rate,,3\n", nil, []string{"duplicate-row 2 D/2025-02 2025-02"}},
		"an unclosed quote":                  {periods + "boston,\"rate,1,2\nboston,rate,1,x\n", nil, []string{`bad-quoting 2 B/indicator "rate,1,2`, "bad-number 3 D/2025-02 x"}},
		"ambiguous numbers":                  {periods + "boston,rate,1.234,7\n", nil, []string{"ambiguous-number 2 C/2025-01 1.234"}},
		"settled by another column":          {periods + "boston,rate,1.234,\"7,5\"\n", nil, []string{}},
		"Windows-1252":                       {periods + "bost\xe9n,rate,1,2\n", nil, []string{"assumed-encoding 2 A/city bostén", "unknown-city 2 A/city bostén"}},
		"too many values":                    {periods + "boston,rate,1,2\nboston,homicides,1,2\n", func(o *intake.Options) { o.Limits.Rows = 3 }, []string{"too-many-rows 3"}},
		"values alone make no table":         {"city,period,remark\nboston,2025-01,1\n", nil, []string{"unknown-column 1 C/remark remark", "missing-column 1", "missing-column 1"}},
		"a value column makes the file tidy": {"city,period,value,rate\nboston,2025-01,1,2\n", nil, []string{"unknown-column 1 D/rate rate", "missing-column 1"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o := options()
			if c.change != nil {
				c.change(&o)
			}
			f, _ := check(t, c.content, o)
			got := []string{}
			for _, p := range f.problems {
				got = append(got, place(p))
				if p.Message == "" || p.Hint == "" {
					t.Errorf("incomplete: %+v", p)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// Each cell of values counts as a row, and an empty one as skipped.
func TestCountsOfTables(t *testing.T) {
	f, sum := check(t, "city,indicator,2025-01,2025-02,2025-03\nboston,rate,1,,3\n\nlima,homicides,x,delete\n", options())
	if want := (intake.Summary{Rows: 3, Withdrawn: 1, Skipped: 2, Rejected: 1, Errors: 1}); sum != want {
		t.Errorf("summary %+v, want %+v", sum, want)
	}
	var at []int
	for _, r := range f.rows {
		at = append(at, r.Line)
	}
	if diff := cmp.Diff([]int{2, 2, 4}, at); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// FuzzTables holds that a table says what the tidy file says that has a line
// for each of its cells.
func FuzzTables(f *testing.F) {
	f.Add("boston", "rate", "1.5", "2")
	f.Add("Lima", "HOMICIDIOS", "<5", "delete")
	f.Add("bostn", "", "", "1.234")
	f.Fuzz(func(t *testing.T, city, indicator, january, february string) {
		for _, cell := range []string{city, indicator, january, february} {
			if strings.ContainsAny(cell, "\",;|\t\r\n\x00") || strings.ToValidUTF8(cell, "") != cell {
				return
			}
		}
		if strings.TrimSpace(city+indicator) == "" {
			return // a blank line, where the tidy one has a period
		}
		across, sum := check(t, "city,indicator,2025-01,2025-02\n"+city+","+indicator+","+january+","+february+"\n", options())
		down, tidySum := check(t, tidy+city+","+indicator+",2025-01,"+january+"\n"+city+","+indicator+",2025-02,"+february+"\n", options())
		// An empty cell of a table says nothing; that of a row may stand
		// beside something wrong.
		if sum.Rows != tidySum.Rows || sum.Skipped+sum.Rejected != tidySum.Skipped+tidySum.Rejected {
			t.Errorf("the table gives %+v, the rows %+v", sum, tidySum)
		}
		for i := range across.rows {
			across.rows[i].Line, down.rows[i].Line = 0, 0
		}
		if diff := cmp.Diff(down.rows, across.rows, cmp.Comparer(func(a, b intake.Key) bool { return a == b })); diff != "" {
			t.Errorf("rows (-tidy +table):\n%s", diff)
		}
	})
}
