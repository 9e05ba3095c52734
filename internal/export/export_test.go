package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/export"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/testgolden"
)

func TestExports(t *testing.T) {
	for _, c := range []struct {
		golden string
		got    []byte
	}{
		{"observations.csv", writeObservations(t, export.CSV, observations())},
		{"observations.json", writeObservations(t, export.JSON, observations())},
		{"observations-none.csv", writeObservations(t, export.CSV, nil)},
		{"observations-none.json", writeObservations(t, export.JSON, nil)},
		{"assessments.csv", writeAssessments(t, export.CSV)},
		{"assessments.json", writeAssessments(t, export.JSON)},
		{"history.txt", openMetrics(t, boston(t))},
	} {
		t.Run(c.golden, func(t *testing.T) {
			testgolden.Check(t, "testdata/"+c.golden, string(c.got))
		})
	}
}

// TestFormatsAgree has the same columns and values in both formats, but for
// what is not known: empty or [c] in CSV, null in JSON.
func TestFormatsAgree(t *testing.T) {
	for _, c := range []struct {
		name           string
		asCSV, asJSON  []byte
		columns        []string
		unknown, known int
	}{
		{"observations", writeObservations(t, export.CSV, observations()), writeObservations(t, export.JSON, observations()), export.ObservationColumns, 1, 55},
		{"assessments", writeAssessments(t, export.CSV), writeAssessments(t, export.JSON), export.AssessmentColumns, 67, 248},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, err := csv.NewReader(bytes.NewReader(c.asCSV)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.columns, rows[0]); diff != "" {
				t.Fatalf("columns (-want +got):\n%s", diff)
			}
			objects := readObjects(t, c.asJSON)
			if len(objects) != len(rows)-1 {
				t.Fatalf("%d objects, but %d rows", len(objects), len(rows)-1)
			}
			unknown, known := 0, 0
			for n, object := range objects {
				if len(object) != len(c.columns) {
					t.Errorf("object %d has %d names", n, len(object))
				}
				for column, name := range c.columns {
					cell := rows[n+1][column]
					switch v := object[name].(type) {
					case nil:
						unknown++
						if cell != "" && cell != "[c]" {
							t.Errorf("row %d: %s is null, but %s in CSV", n, name, cell)
						}
					case json.Number:
						known++
						if cell != v.String() {
							t.Errorf("row %d: %s is %s, but %s in CSV", n, name, v, cell)
						}
					default:
						known++
						if cell != v {
							t.Errorf("row %d: %s is %v, but %s in CSV", n, name, v, cell)
						}
					}
				}
			}
			if unknown != c.unknown || known != c.known {
				t.Errorf("%d values are unknown and %d known", unknown, known)
			}
		})
	}
}

func readObjects(t *testing.T, text []byte) []map[string]any {
	t.Helper()
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	var objects []map[string]any
	if err := in.Decode(&objects); err != nil {
		t.Fatal(err)
	}
	return objects
}

func TestUnknownFormat(t *testing.T) {
	_, err := export.NewTable(&bytes.Buffer{}, "xlsx", export.ObservationColumns)
	const want = `write a table: there is no format "xlsx": use csv or json`
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

// full is a disk without room.
type full struct{}

var errFull = errors.New("no space left on device")

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestNothingIsLostInSilence has the last of a table, which is still in memory,
// fail too.
func TestNothingIsLostInSilence(t *testing.T) {
	for _, format := range []export.Format{export.CSV, export.JSON} {
		for _, c := range []struct {
			name string
			rows int
		}{{"a few rows", 3}, {"more than is kept in memory", 3000}} {
			t.Run(string(format)+", "+c.name, func(t *testing.T) {
				out, err := export.NewTable(full{}, format, export.ObservationColumns)
				for n := 0; n < c.rows && err == nil; n++ {
					err = export.Observation(out, programme.Observation{City: "riverton"}, n, observations()[0].at)
				}
				if err = errors.Join(err, out.Close()); !errors.Is(err, errFull) {
					t.Errorf("error is %v", err)
				}
			})
		}
	}
}
