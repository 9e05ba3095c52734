package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/citygauge/citygauge/internal/intake"
)

// Format is how a table is written.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	JSON Format = "json"
)

// Table writes rows under a header. Close must be called after the last row.
type Table struct {
	columns []string
	out     *bufio.Writer
	csv     *intake.Writer // nil for JSON; an import reads what it writes as what it was
	rows    int
}

// NewTable begins a table with some columns.
func NewTable(w io.Writer, format Format, columns []string) (*Table, error) {
	t := &Table{columns: columns, out: bufio.NewWriter(w)}
	switch format {
	case CSV:
		t.csv = intake.NewWriter(t.out)
		return t, t.csv.Write(columns)
	case JSON:
		_, err := t.out.WriteString("[")
		return t, err
	}
	return nil, fmt.Errorf("write a table: there is no format %q: use csv or json", format)
}

// cell is one value of a row: its text in CSV, itself in JSON.
type cell interface {
	String() string
}

// words is a cell of text.
type words string

func (w words) String() string { return string(w) }

// whole is a cell with a whole number.
type whole int

func (n whole) String() string { return strconv.Itoa(int(n)) }

// Row writes one row, a cell for each column.
func (t *Table) Row(cells ...cell) error {
	t.rows++
	if t.csv != nil {
		record := make([]string, len(cells))
		for n, c := range cells {
			record[n] = c.String()
		}
		return t.csv.Write(record)
	}
	return t.object(cells)
}

func (t *Table) object(cells []cell) error {
	separator := ",\n {"
	if t.rows == 1 {
		separator = "\n {"
	}
	for n, c := range cells {
		value, err := json.Marshal(c)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(t.out, "%s%q:%s", separator, t.columns[n], value); err != nil {
			return err
		}
		separator = ","
	}
	return t.out.WriteByte('}')
}

// Close ends the table.
func (t *Table) Close() error {
	if t.csv != nil {
		if err := t.csv.Flush(); err != nil {
			return err
		}
	} else if _, err := t.out.WriteString("\n]\n"); err != nil {
		return err
	}
	return t.out.Flush()
}
