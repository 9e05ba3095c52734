package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// TestProblems has every code with its place: code, line, column, value.
func TestProblems(t *testing.T) {
	boston := func(o *intake.Options) { o.Catalogue = o.Catalogue.Only("boston") }
	long := strings.Repeat("x", 2000)
	cases := map[string]struct {
		content string
		change  func(*intake.Options)
		want    []string
	}{
		"empty file":                     {"", nil, []string{"empty-file 0"}},
		"only blank lines":               {"\n \n,,\n", nil, []string{"empty-file 0"}},
		"header without rows":            {tidy, nil, []string{"empty-file 0"}},
		"UTF-16":                         {"\xff\xfec\x00i\x00", nil, []string{"unknown-column 1 A/ci ci", "missing-column 1", "missing-column 1", "missing-column 1", "missing-column 1"}},
		"UTF-16 cut in half":             {utf16le(tidy+"boston,homicides,2025-01,3\nboston,homicides,2025-02,x") + "4", nil, []string{"not-utf8 3 D/value x\uFFFD"}},
		"UTF-16 with a lone surrogate":   {utf16le(tidy+"bost") + "\x00\xd8" + utf16le("n,homicides,2025-01,3\n")[2:], nil, []string{"not-utf8 2 A/city bost\uFFFDn"}},
		"UTF-16 with a NUL":              {utf16le(tidy + "bost\x00n,homicides,2025-01,3\n"), nil, []string{"not-utf8 2 A/city bost\uFFFDn"}},
		"Windows-1252":                   {tidy + "boston,homicides,2025-01,3\nbost\xe9n,homicides,2025-01,3\nb\xf6ston,homicides,2025-01,3\n", nil, []string{"assumed-encoding 3 A/city bostén", "unknown-city 3 A/city bostén", "unknown-city 4 A/city böston"}},
		"Windows-1252 in the header":     {"city,indicator,period,value,r\xe9mark\nboston,homicides,2025-01,3,\n", nil, []string{"assumed-encoding 1 E/rémark rémark", "unknown-column 1 E/rémark rémark"}},
		"Windows-1252 in quotes":         {tidy + "\"bost\xe9n\nx\",homicides,2025-01,3\n", nil, []string{"assumed-encoding 2 A/city bostén\nx", "unknown-city 2 A/city bostén\nx"}},
		"undefined in Windows-1252":      {tidy + "bost\x81n,homicides,2025-01,3\n", nil, []string{"not-utf8 2 A/city bost\uFFFDn"}},
		"UTF-8 and then Windows-1252":    {tidy + "bostén,homicides,2025-01,3\nbost\xe9n,homicides,2025-01,3\n", nil, []string{"unknown-city 2 A/city bostén", "not-utf8 3 A/city bost\uFFFDn"}},
		"Windows-1252 and then UTF-8":    {tidy + "bost\xe9n,homicides,2025-01,3\nbostén,homicides,2025-01,3\n", nil, []string{"assumed-encoding 2 A/city bostén", "unknown-city 2 A/city bostén", "not-utf8 3 A/city bostén"}},
		"a mark of UTF-8, not kept":      {"\uFEFF" + tidy + "bost\xe9n,homicides,2025-01,3\n", nil, []string{"not-utf8 2 A/city bost\uFFFDn"}},
		"NUL":                            {tidy + "boston,homi\x00cides,2025-01,3\n", nil, []string{"not-utf8 2 B/indicator homi\uFFFDcides"}},
		"NUL in quotes":                  {tidy + "boston,\"homi\x00cides\",2025-01,3\n", nil, []string{"not-utf8 2 B/indicator homi\uFFFDcides"}},
		"quote never closed":             {tidy + "boston,\"homicides,2025-01,3\nboston,homicides,2025-02,x\n", nil, []string{`bad-quoting 2 B/indicator "homicides,2025-01,3`, "bad-number 3 D/value x"}},
		"quote closed by the next":       {tidy + "\"Boston, Massachusetts,homicides,2025-01,3\n\"Boston, Massachusetts\",homicides,2025-02,x\n", nil, []string{"bad-quoting 2 A/city Boston, Massachusetts,homicides,2025-01,3", "bad-number 3 D/value x"}},
		"quote within a cell":            {tidy + "boston,homicides,2025-01,3\"\n", nil, []string{`bad-quoting 2 D/value 3"`}},
		"quote swallows rows":            {"city,indicator,period,value,note\nboston,homicides,2025-01,3,\"see\nboston,homicides,2025-02,4,\nboston,homicides,2025-03,5,12\"\n", nil, []string{"bad-quoting 2 E/note see\nboston,homicides,2025-02,4,\nboston,homicides,2025-03,5,12"}},
		"quote in the header":            {"city,\"indicator,period,value\nboston,homicides,2025-01,3\n", nil, []string{`bad-quoting 1 B "indicator,period,value`}},
		"missing columns":                {"cty,indicator,period\nboston,homicides,2025-01\n", nil, []string{"unknown-column 1 A/cty cty", "missing-column 1", "missing-column 1"}},
		"unknown column, rows checked":   {"city,indicator,period,value,remark\nboston,homicides,2025-01,x,y\n", nil, []string{"unknown-column 1 E/remark remark", "bad-number 2 D/value x"}},
		"duplicate column":               {"city,indicator,period,value,Value\nboston,homicides,2025-01,3,4\n", nil, []string{"duplicate-column 1 E/Value Value"}},
		"missing cells":                  {tidy + ",homicides,2025-01,3\nboston,,2025-01,3\nboston,homicides,,3\nboston,homicides,2025-01\n", nil, []string{"missing-cell 2 A/city", "missing-cell 3 B/indicator", "missing-cell 4 C/period", "missing-cell 5 D/value"}},
		"extra cell":                     {tidy + "boston,homicides,2025-01,1,234\n", nil, []string{"extra-cell 2 E 234"}},
		"cell under an empty header":     {"city,,indicator,period,value\nboston,x,homicides,2025-01,1\n", nil, []string{"extra-cell 2 B x"}},
		"unknown city":                   {tidy + "bostn,homicides,2025-01,3\n", nil, []string{"unknown-city 2 A/city bostn"}},
		"name of two cities":             {tidy + "Springfield,homicides,2025-01,3\n", nil, []string{"unknown-city 2 A/city Springfield"}},
		"another's city, and no city":    {tidy + "lima,homicides,2025-01,3\nnowhere,homicides,2025-01,3\n", boston, []string{"not-your-city 2 A/city lima", "not-your-city 3 A/city nowhere"}},
		"unknown indicator":              {tidy + "lima,rate,2025-01,3\n", nil, []string{"unknown-indicator 2 B/indicator rate"}},
		"unknown indicator of an upload": {"city,period,value\nlima,2025-01,3\n", func(o *intake.Options) { o.Indicator = "rate" }, []string{"unknown-indicator 2"}},
		"bad periods":                    {tidy + "boston,homicides,Mar-25,3\nboston,homicides,2025-13,3\nboston,shelter,2025-W54,3\n", nil, []string{"bad-period 2 C/period Mar-25", "bad-period 3 C/period 2025-13", "bad-period 4 C/period 2025-W54"}},
		"wrong frequency":                {tidy + "boston,homicides,2025-03-01,3\n", nil, []string{"wrong-frequency 2 C/period 2025-03-01"}},
		"future and running periods":     {tidy + "boston,homicides,2025-07,3\nboston,homicides,2025-06,3\n", nil, []string{"future-period 2 C/period 2025-07", "future-period 3 C/period 2025-06"}},
		"provisional in the future":      {"city,indicator,period,value,status\nboston,homicides,2025-07,3,provisional\nboston,homicides,2025-06,3,estimated\n", nil, []string{"future-period 2 C/period 2025-07", "future-period 3 C/period 2025-06"}},
		"provisional, not begun": {"city,indicator,period,value,status\nboston,homicides,2025-07,3,provisional\n", func(o *intake.Options) {
			o.Today = func(programme.City) programme.Date { return programme.NewDate(2025, 6, 30) }
		}, []string{"future-period 2 C/period 2025-07"}},
		"bad numbers":                 {tidy + "boston,rate,2025-01,0x10\nboston,rate,2025-02,1_000\nboston,rate,2025-03,12 people\n", nil, []string{"bad-number 2 D/value 0x10", "bad-number 3 D/value 1_000", "bad-number 4 D/value 12 people"}},
		"titles and no header":        {"Report\n\nas of,June\n", nil, []string{"unknown-column 1 A/Report Report", "missing-column 1", "missing-column 1", "missing-column 1", "missing-column 1"}},
		"more titles than there are":  {strings.Repeat("a title\n", 21) + tidy + "boston,rate,2025-01,1\n", nil, []string{"unknown-column 1 A/a title a title", "missing-column 1", "missing-column 1", "missing-column 1", "missing-column 1"}},
		"rows are no titles":          {"2025-01,5\n" + tidy + "boston,rate,2025-01,1\n", nil, []string{"unknown-column 1 B/5 5", "missing-column 1", "missing-column 1"}},
		"a problem below titles":      {"Report\nas of;June, 2025\nCity;Indicator;Period;Value\nboston;rate;2025-01;x\n", nil, []string{"bad-number 4 D/Value x"}},
		"a title in Windows-1252":     {"R\xe9sum\xe9\n" + tidy + "boston,rate,2025-01,x\n", nil, []string{"assumed-encoding 1 A Résumé", "bad-number 3 D/value x"}},
		"both decimal marks":          {tidy + "boston,rate,2025-01,1.5\nboston,rate,2025-02,\"2,5\"\nboston,rate,2025-03,1.234\n", nil, []string{"bad-number 3 D/value 2,5", "ambiguous-number 4 D/value 1.234"}},
		"comma where point is said":   {tidy + "boston,rate,2025-01,\"2,5\"\n", func(o *intake.Options) { o.Decimal = intake.DecimalPoint }, []string{"bad-number 2 D/value 2,5"}},
		"point where comma is said":   {tidy + "boston,rate,2025-01,2.5\n", func(o *intake.Options) { o.Decimal = intake.DecimalComma }, []string{"bad-number 2 D/value 2.5"}},
		"ambiguous numbers":           {tidy + "boston,rate,2025-01,1.234\nboston,rate,2025-02,\"1,234\"\nboston,rate,2025-03,7\n", nil, []string{"ambiguous-number 2 D/value 1.234", "ambiguous-number 3 D/value 1,234"}},
		"not counts":                  {tidy + "boston,homicides,2025-01,-1\nboston,homicides,2025-02,1.5\n", nil, []string{"not-a-count 2 D/value -1", "not-a-count 3 D/value 1.5"}},
		"not finite":                  {tidy + "boston,rate,2025-01,NaN\nboston,rate,2025-02,-Inf\nboston,rate,2025-03,1e400\nboston,rate,2025-04,1e16\n", nil, []string{"not-finite 2 D/value NaN", "not-finite 3 D/value -Inf", "not-finite 4 D/value 1e400", "not-finite 5 D/value 1e16"}},
		"implausible":                 {tidy + "boston,rate,2025-01,5000.5\nboston,rate,2025-02,-0.5\n", nil, []string{"implausible 2 D/value 5000.5", "implausible 3 D/value -0.5"}},
		"bad formulas":                {tidy + "boston,rate,2025-01,#DIV/0!\nboston,rate,2025-02,=A1\n", nil, []string{"bad-formula 2 D/value #DIV/0!", "bad-formula 3 D/value =A1"}},
		"numbers of two meanings":     {tidy + "boston,rate,2025-01,(5)\nboston,rate,2025-02,5-\nboston,rate,2025-03,–5\n", nil, []string{"bad-number 2 D/value (5)", "bad-number 3 D/value 5-", "bad-number 4 D/value –5"}},
		"too many columns":            {tidy + "boston,rate,2025-01,1\nboston,rate,2025-02,1,,,\nboston,rate,2025-03,x\n", func(o *intake.Options) { o.Limits.Columns = 6 }, []string{"too-many-columns 3 G", "bad-number 4 D/value x"}},
		"too many columns in header":  {tidy + "boston,rate,2025-01,1\n", func(o *intake.Options) { o.Limits.Columns = 3 }, []string{"too-many-columns 1 D"}},
		"a cell too long":             {tidy + "boston,rate,2025-01,12345678901\nboston,rate,2025-02,x\n", func(o *intake.Options) { o.Limits.CellRunes = 10 }, []string{"cell-too-long 2 D/value 12345678901", "bad-number 3 D/value x"}},
		"a sheet of a CSV":            {tidy + "boston,rate,2025-01,1\n", func(o *intake.Options) { o.Sheet = "June" }, []string{"unknown-sheet 0 June"}},
		"bad status":                  {"city,indicator,period,value,status\nboston,rate,2025-01,1,done\nboston,rate,2025-02,1,suppressed\n", nil, []string{"bad-status 2 E/status done", "bad-status 3 E/status suppressed"}},
		"duplicate rows":              {tidy + "boston,rate,2025-01,1\nboston,homicides,2025-01,3\nboston,rate,2025-01,1\nboston,homicides,2025-01,x\nBoston,homicides,2025-01,delete\n", nil, []string{"bad-number 5 D/value x", "duplicate-row 2 C/period 2025-01", "duplicate-row 3 C/period 2025-01"}},
		"too many rows":               {tidy + "boston,rate,2025-01,1\nboston,rate,2025-02,x\nboston,rate,2025-03,x\n", func(o *intake.Options) { o.Limits.Rows = 2 }, []string{"bad-number 3 D/value x", "too-many-rows 4"}},
		"too large":                   {tidy + "boston,rate,2025-01,1\nboston,rate,2025-02,x\n", func(o *intake.Options) { o.Limits.Bytes = 60 }, []string{"too-large 0"}},
		"line too long":               {tidy + "boston,rate,2025-01," + long + "\nboston,rate,2025-02,x\n", func(o *intake.Options) { o.Limits.RecordBytes = 500 }, []string{"too-large 2 boston,rate,2025-01," + long[:59] + "…", "bad-number 3 D/value x"}},
		"quote closed too late":       {tidy + "boston,\"rate,2025-01,1\n" + strings.Repeat("boston,rate,2025-02,\n", 50) + "boston,rate,2025-03,x\n", func(o *intake.Options) { o.Limits.RecordBytes = 500 }, []string{`bad-quoting 2 B/indicator "rate,2025-01,1`, "bad-number 53 D/value x"}},
		"everything wrong with a row": {"city,indicator,period,value,status\nboston,rate,2025,x,y,z\n", nil, []string{"extra-cell 2 F z", "bad-number 2 D/value x", "bad-status 2 E/status y", "wrong-frequency 2 C/period 2025"}},
		"column beyond Z":             {tidy[:len(tidy)-1] + strings.Repeat(",", 30) + "\nboston,rate,2025-01,1" + strings.Repeat(",", 27) + "x\n", nil, []string{"extra-cell 2 AE x"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o := options()
			if c.change != nil {
				c.change(&o)
			}
			f, _ := check(t, c.content, o)
			got := make([]string, len(f.problems))
			for i, p := range f.problems {
				got[i] = place(p)
				if p.Message == "" || p.Hint == "" || p.File != "june.csv" || (p.Severity == intake.Warning) != (p.Code == intake.AssumedEncoding) {
					t.Errorf("incomplete: %+v", p)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func place(p intake.Problem) string {
	text := fmt.Sprintf("%s %d", p.Code, p.Line)
	if p.Column.Letter != "" {
		text += " " + p.Column.Letter
	}
	if p.Column.Header != "" {
		text += "/" + p.Column.Header
	}
	if p.Value != "" {
		text += " " + p.Value
	}
	return text
}

func TestHints(t *testing.T) {
	cases := map[string]struct{ content, want string }{
		"city":                 {tidy + "bostan,homicides,2025-01,3\n", "did you mean boston?"},
		"indicator":            {tidy + "boston,homicide,2025-01,3\n", "did you mean homicides?"},
		"few to name":          {tidy + "boston,burglaries,2025-01,3\n", "write one of homicides, rate, shelter"},
		"column":               {"city,indicator,perod,value\nboston,homicides,2025-01,3\n", "did you mean period?"},
		"frequency":            {tidy + "boston,shelter,2025-01,3\n", "write a week such as 2025-W05"},
		"first day":            {tidy + "boston,homicides,2025-01-01,3\n", "write 2025-01, if that is meant"},
		"last day":             {tidy + "boston,homicides,2025-01-31,3\n", "write 2025-01, if that is meant"},
		"some day":             {tidy + "boston,homicides,2025-01-30,3\n", "write a month such as 2025-03"},
		"odd letters":          {tidy + "boston,homicides,2025 ɐ,3\n", "write a month such as 2025-03; where a spreadsheet changes it, format the column as text"},
		"odd header":           {"city,indicator,period,value,2025 ɐ\nboston,homicides,2025-01,3,4\n", "remove the column, or name it city, indicator, period, value, status, note"},
		"no period":            {tidy + "boston,homicides,,3\n", "write the period; of merged cells, the first alone has it; remove the row if it is a total or a remark"},
		"form of date":         {tidy + "boston,homicides,1/2/2025,3\n", "write a month such as 2025-03; where a spreadsheet changes it, format the column as text"},
		"a month":              {tidy + "boston,homicides,Mar 2025,3\n", "write 2025-03, if that is meant"},
		"as in Excel":          {tidy + "boston,homicides,Mar-25,3\n", "write 2025-03, if that is meant"},
		"a month's day":        {tidy + "boston,homicides,31.3.2025,3\n", "write 2025-03, if that is meant"},
		"and its time":         {tidy + "boston,homicides,3/31/2025 23:59:00,3\n", "write 2025-03, if that is meant"},
		"any day":              {tidy + "boston,homicides,30.3.2025,3\n", "write a month such as 2025-03; where a spreadsheet changes it, format the column as text"},
		"as stored":            {tidy + "boston,homicides,45717,3\n", "write 2025-03, if that is meant"},
		"a header as stored":   {"city,indicator,45717\nboston,homicides,3\n", "write 2025-03, if that is meant"},
		"a week in words":      {tidy + "boston,shelter,Week 5 2025,3\n", "write 2025-W05, if that is meant"},
		"a week, run together": {tidy + "boston,shelter,2025w05,3\n", "write 2025-W05, if that is meant"},
		"another calendar":     {tidy + "boston,homicides,1404-10,3\n", "write the year of the Gregorian calendar, with four digits"},
		"a total's period":     {tidy + "boston,homicides,Total,3\n", "write a month such as 2025-03; where a spreadsheet changes it, format the column as text; remove the row if it is a total or a remark"},
		"a remark's place":     {tidy + "boston,homicides,2025-01,3\nboston,Source: police,,\n", "remove the row if it is a total or a remark; else write them"},
		"two tables":           {tidy + "boston,rate,2025-01,1\n" + tidy + "boston,rate,2025-02,1\n", "remove the row"},
		"quoted lines":         {"\"city,indicator,period,value\"\n\"boston,homicides,2025-01,3\"\n", "every line is in quotes as a whole, or is divided by another mark than , ; tab or |: save the table as CSV again"},
		"other digits":         {tidy + "boston,rate,2025-01,\u06f1\u06f2\n", "write it with the digits 0 to 9"},
		"unseen within":        {tidy + "boston,rate,2025-01,1\u200f2\n", "type the number anew"},
		"turned around":        {tidy + "boston,rate,2025-01,\u202e12\n", "type the number anew"},
		"an apostrophe":        {tidy + "boston,rate,2025-01,'12\n", "remove the apostrophe"},
		"a time":               {tidy + "boston,rate,2025-01,7:30\n", "write how many hours, minutes or seconds it is, in the unit of the indicator"},
		"of no year":           {tidy + "boston,homicides,25-Mar,3\n", "write a month such as 2025-03; where a spreadsheet changes it, format the column as text"},
		"in figures":           {tidy + "boston,homicides,3/2025,3\n", "write 2025-03, if that is meant"},
		"a week":               {tidy + "boston,shelter,w5 2025,3\n", "write 2025-W05, if that is meant"},
		"a header":             {"city,indicator,2025-01,Feb 2025\nboston,homicides,3,4\n", "write 2025-02, if that is meant"},
		"the only one":         {"city,indicator,02/2025\nboston,homicides,4\n", "write 2025-02, if that is meant"},
		"a total":              {tidy + "Total,,,3\n", "remove the row if it is a total or a remark; else write them"},
		"a remark":             {tidy + "boston,homicides,2025-01,3\nSource: police,,,\n", "remove the row if it is a total or a remark; else write them"},
		"brackets":             {tidy + "boston,rate,2025-01,(12)\n", "write it with a minus, or with the status estimated"},
		"formula":              {tidy + "boston,rate,2025-01,#REF!\n", "write the number itself, or save the file once more after the formula is correct"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f, _ := check(t, c.content, options())
			if len(f.problems) == 0 || f.problems[0].Hint != c.want {
				t.Errorf("want the hint %q, got %+v", c.want, f.problems)
			}
		})
	}
}

func TestScopeRevealsNothing(t *testing.T) {
	o := options()
	o.Catalogue = o.Catalogue.Only("boston")
	foreign, _ := check(t, tidy+"lima,homicides,2025-01,3\n", o)
	unknown, _ := check(t, tidy+"none,homicides,2025-01,3\n", o)
	if got, want := foreign.problems[0].Message, "the upload is for boston alone"; got != want {
		t.Errorf("the message is %q, want %q", got, want)
	}
	foreign.problems[0].Value, unknown.problems[0].Value = "", ""
	if diff := cmp.Diff(unknown.problems, foreign.problems); diff != "" {
		t.Errorf("another's city is answered unlike none (-none +another's):\n%s", diff)
	}
}

func TestRefusedFiles(t *testing.T) {
	cases := map[string]struct {
		content string
		refused bool
	}{
		"missing column": {"city,indicator,period\nboston,homicides,2025-01\n", true},
		"empty":          {"", true},
		"unknown column": {"city,indicator,period,value,x\nboston,homicides,2025-01,3,4\n", false},
		"bad row":        {tidy + "boston,homicides,2025-01,x\n", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if _, sum := check(t, c.content, options()); sum.Refused != c.refused || sum.Errors == 0 {
				t.Errorf("summary %+v", sum)
			}
		})
	}
}
