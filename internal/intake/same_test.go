package intake_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
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
	const golden = "testdata/same.golden.jsonl"
	if *update {
		if err := os.WriteFile(golden, []byte(observations(t, sameTidy)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(string(want), observations(t, content)); diff != "" {
				t.Errorf("observations (-want +got):\n%s", diff)
			}
		})
	}
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
