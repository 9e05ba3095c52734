package main

import (
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/testdb"
)

// atWrite is a slow reader, who does something before reading anything.
type atWrite func()

func (do atWrite) Write(p []byte) (int, error) {
	do()
	return len(p), nil
}

func TestReadersOfThePlanKeepNobodyWaiting(t *testing.T) {
	db := testdb.New(t)
	sight := look(t, db.Superuser)
	// In the order in which they follow each other.
	for _, c := range []struct{ name, flag string }{
		{"dry run", "--dry-run"},
		{"dry run as JSON", "--dry-run --json"},
		{"applied", ""},
		{"nothing to do", "--json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			read := false
			reader := atWrite(func() {
				read = true
				if n := sight.count(t, `pg_stat_activity where datname = current_database() and application_name = 'citygauge' and xact_start is not null`); n > 0 {
					t.Errorf("%d transactions are open while the plan is being read", n)
				}
			})
			args := append([]string{"apply", "--database-url=" + db.URL, "testdata/files/programme.yaml"}, strings.Fields(c.flag)...)
			var talk strings.Builder
			if status := run(t.Context(), args, streams{strings.NewReader(""), reader, &talk}); status != exitDone || !read {
				t.Errorf("exit status %d, read %t:\n%s", status, read, &talk)
			}
		})
	}
}
