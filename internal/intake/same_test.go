package intake_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/testgolden"
)

func encoded(e encoding.Encoding, text string) string {
	bytes, err := e.NewEncoder().String(text)
	if err != nil {
		panic(err) // a test has letters that the encoding lacks
	}
	return bytes
}

func utf16le(text string) string {
	return encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), text)
}

// bogota is a catalogue whose names are not ASCII.
func bogota() intake.Options {
	o := options()
	o.Catalogue = intake.NewCatalogue(programme.Programme{
		Cities: []programme.City{{ID: "bogota", Name: "Bogotá"}, {ID: "nimes", Name: "Nîmes"}},
		Indicators: []programme.Indicator{
			{City: "bogota", ID: "rate", Title: "Tasa de reincorporación", Frequency: programme.Monthly, Kind: programme.Quantity},
			{City: "bogota", ID: "deaths", Title: "Muertes", Frequency: programme.Monthly, Kind: programme.Count},
			{City: "nimes", ID: "rate", Title: "Taux de réadmission", Frequency: programme.Monthly, Kind: programme.Quantity},
			{City: "nimes", ID: "deaths", Title: "Décès", Frequency: programme.Monthly, Kind: programme.Count},
		},
	})
	return o
}

const sameTidy = `city,indicator,period,value
Bogotá,rate,2025-01,1234.5
Bogotá,deaths,2025-01,12
Bogotá,rate,2025-02,0.25
Bogotá,deaths,2025-02,<5
Nîmes,rate,2025-01,-3.75
Nîmes,rate,2025-02,delete
Nîmes,deaths,2025-02,0
`

// TestSameContent holds that how a file is written makes no difference to what
// it says.
func TestSameContent(t *testing.T) {
	commas := strings.NewReplacer(",", ";", ".", ",").Replace(sameTidy)
	files := map[string]string{
		"UTF-8":                        sameTidy,
		"UTF-8 with a mark":            "\uFEFF" + sameTidy,
		"UTF-16":                       utf16le(sameTidy),
		"UTF-16, big end first":        encoded(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), sameTidy),
		"UTF-16 without a mark":        encoded(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), sameTidy),
		"Windows-1252":                 encoded(charmap.Windows1252, sameTidy),
		"CRLF":                         strings.ReplaceAll(sameTidy, "\n", "\r\n"),
		"semicolons and decimal comma": commas,
		"such in Windows-1252":         encoded(charmap.Windows1252, commas),
		"tabs":                         strings.ReplaceAll(sameTidy, ",", "\t"),
		"bars":                         strings.ReplaceAll(sameTidy, ",", "|"),
	}
	for name, content := range map[string]string{
		"periods across":    "Indicator,City,2025-01,2025-02\nrate,Bogotá,1234.5,0.25\ndeaths,Bogotá,12,<5\nRATE,nimes,-3.75,delete\ndécès,Nîmes,,0\n",
		"indicators across": "period,city,Rate,deaths\n2025-01,Bogotá,1234.5,12\n2025-02,Bogotá,0.25,<5\n2025-01,Nîmes,-3.75,\n2025-02,Nîmes,delete,0\n",
	} {
		files[name] = content
		files[name+", Windows-1252, semicolons and decimal comma"] = encoded(charmap.Windows1252, strings.NewReplacer(",", ";", ".", ",").Replace(content))
	}
	for name, content := range sameWorkbooks(t) {
		files["workbook: "+name] = content
	}
	files["titles above the header"] = "Reincorporación\n\nas of,2025\n" + sameTidy
	files["titles in a spreadsheet's CSV"] = strings.ReplaceAll("Crime, and more,,,\n,,,\n", ",", ";") + commas
	want := observations(t, sameTidy)
	testgolden.Check(t, "testdata/same.golden.jsonl", want)
	for name, content := range files {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, observations(t, content)); diff != "" {
				t.Errorf("observations (-want +got):\n%s", diff)
			}
		})
	}
}

// sameWorkbooks say in workbooks what sameTidy says.
func sameWorkbooks(t *testing.T) map[string]string {
	header := []any{"city", "indicator", "period", "value"}
	january, february := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2025, 2, 28, 0, 0, 0, 0, time.UTC)
	tidyRows := func(january, february any) [][]any {
		return [][]any{
			{"Bogotá", "rate", january, 1234.5},
			{"Bogotá", "deaths", january, 12},
			{"Bogotá", "rate", february, 0.25},
			{"Bogotá", "deaths", february, "<5"},
			{"Nîmes", "rate", january, -3.75},
			{"Nîmes", "rate", february, "delete"},
			{"Nîmes", "deaths", february, 0},
		}
	}
	across := func(january, february any) [][]any {
		return [][]any{
			{"Indicator", "City", january, february},
			{"rate", "Bogotá", 1234.5, 0.25},
			{"deaths", "Bogotá", 12, "<5"},
			{"RATE", "nimes", -3.75, "delete"},
			{"décès", "Nîmes", nil, 0},
		}
	}
	months := map[string]string{"C2": "mmm-yy", "C3": "mmmm yyyy", "C4": "mm/yyyy", "C5": "yyyy\\-mm", "C6": "[$-40C]mmm yy;@", "C7": "mmm-yy", "C8": "mmm-yy"}
	percents := map[string]string{}
	scaled := tidyRows("2025-01", "2025-02")
	for n, row := range scaled {
		if v, ok := row[3].(float64); ok {
			row[3] = v / 100
			percents[fmt.Sprintf("D%d", n+2)] = "0.0%"
		}
	}
	in1904 := func(f *excelize.File) {
		yes := true
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
			t.Fatal(err)
		}
	}
	texts := [][]any{header}
	for _, row := range tidyRows("2025-01", "2025-02") {
		texts = append(texts, []any{row[0], row[1], row[2], fmt.Sprint(row[3])})
	}
	return map[string]string{
		"periods as text":           excel(t, table(append([][]any{header}, tidyRows("2025-01", "2025-02")...)...), nil, nil),
		"periods as dates":          excel(t, table(append([][]any{header}, tidyRows(january, february)...)...), nil, nil),
		"dates shown as months":     excel(t, table(append([][]any{header}, tidyRows(january, february)...)...), months, nil),
		"per cent":                  excel(t, table(append([][]any{header}, scaled...)...), percents, nil),
		"numbers as text":           excel(t, table(texts...), nil, nil),
		"titles":                    excel(t, table(append([][]any{{"Reincorporación"}, nil, {nil, "as of", 2025}, header}, tidyRows(january, february)...)...), nil, nil),
		"periods across":            excel(t, table(across("2025-01", "2025-02")...), nil, nil),
		"dates across":              excel(t, table(across(january, february)...), map[string]string{"C1": "mmm-yy"}, nil),
		"indicators across":         excel(t, table([]any{"period", "city", "Rate", "deaths"}, []any{"2025-01", "Bogotá", 1234.5, 12}, []any{february, "Bogotá", 0.25, "<5"}, []any{january, "Nîmes", -3.75}, []any{"2025-02", "Nîmes", "delete", 0}), nil, nil),
		"dates from 1904":           excel(t, table(append([][]any{header}, tidyRows(45658-1462, 45716-1462)...)...), map[string]string{"C2": "d/m/yy", "C3": "d/m/yy", "C4": "d/m/yy", "C5": "d/m/yy", "C6": "d/m/yy", "C7": "d/m/yy", "C8": "d/m/yy"}, in1904),
		"columns and rows left out": excel(t, table(append([][]any{nil, {nil, nil}}, shifted(append([][]any{header}, tidyRows(january, february)...))...)...), nil, nil),
	}
}

// shifted leaves the first column out, and every other row.
func shifted(rows [][]any) (all [][]any) {
	for _, row := range rows {
		all = append(all, append([]any{nil}, row...), nil)
	}
	return all
}

// observations are what a file gives, sorted.
func observations(t *testing.T, content string) string {
	t.Helper()
	o := bogota()
	f, sum := check(t, content, o)
	if sum.Errors > 0 {
		t.Fatalf("problems: %+v", f.problems)
	}
	var lines []string
	for _, r := range f.rows {
		line, err := json.Marshal(map[string]any{
			"city": o.Catalogue.Cities[r.City].ID, "indicator": o.Catalogue.Indicators[r.Indicator].ID,
			"period": r.Period, "value": r.Value, "status": r.Status, "withdraw": r.Withdraw,
		})
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}
