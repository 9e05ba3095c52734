package programme_test

import (
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
)

func date(t testing.TB, text string) programme.Date {
	t.Helper()
	return must(t, text, programme.ParseDate)
}

func period(t testing.TB, text string) programme.Period {
	t.Helper()
	return must(t, text, programme.ParsePeriod)
}

func span(t testing.TB, text string) programme.Range {
	t.Helper()
	return must(t, text, programme.ParseRange)
}

func must[T any](t testing.TB, text string, parse func(string) (T, error)) T {
	t.Helper()
	v, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// wantError expects the words of an error.
func wantError(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want %q", want)
	} else if err.Error() != want {
		t.Errorf("error\n  %s\nwant\n  %s", err, want)
	}
}
