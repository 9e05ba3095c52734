package upload_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

const (
	badFiles = 10_000
	// ofThem is one of so many that goes through a store.
	ofThem = 100
	// mostMemory is what all of that may take, file after file. The runtime
	// gives no memory back that it counts here, so that this is the peak.
	mostMemory = 200 << 20
)

var badToday = func(programme.City) programme.Date { return programme.NewDate(2025, time.June, 15) }

// badProgramme is what the generated files speak of.
func badProgramme() programme.Programme {
	var p programme.Programme
	for _, city := range []string{"aldermoor", "brightwater"} {
		p.Cities = append(p.Cities, programme.City{ID: city, Name: strings.ToUpper(city[:1]) + city[1:], Country: "US", Population: 250_000})
		for _, id := range []string{"thefts", "rate"} {
			p.Indicators = append(p.Indicators, programme.Indicator{
				City: city, ID: id, Title: "The " + id, Unit: id, Frequency: programme.Monthly, Kind: programme.Quantity,
				Direction: programme.Decrease, Measure: programme.Latest, Lens: programme.Outcome, DueDays: programme.DefaultDueDays,
			})
		}
	}
	return p
}

// TestBadFiles holds that whatever is uploaded gets a report or a clear refusal,
// in little memory, and that nothing of it is applied.
func TestBadFiles(t *testing.T) {
	db := testdb.New(t)
	s, err := store.Open(t.Context(), db.URL, badToday, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	p := badProgramme()
	if err := s.Apply(t.Context(), p, store.ApplyOptions{Today: badToday, Agree: func(store.Prospect) bool { return true }}); err != nil {
		t.Fatal(err)
	}
	service := upload.Service{Store: s, Now: time.Now, Today: badToday}
	random := rand.New(rand.NewPCG(4, 10_000))
	codes, kinds := map[intake.Code]int{}, badKinds()
	for n := range badFiles {
		kind := kinds[n%len(kinds)]
		content := kind.make(random)
		r := upload.Request{Name: "upload", Limits: intake.WebLimits, Content: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }}
		take := func() (upload.Report, error) { return upload.Check(t.Context(), p, r, badToday) }
		if n/len(kinds)%ofThem == 0 {
			take = func() (upload.Report, error) { return service.Import(t.Context(), r) }
		}
		report, err := take()
		if err != nil {
			t.Fatalf("file %d (%s): %v", n, kind.name, err)
		}
		refusedInWords(t, fmt.Sprintf("file %d (%s)", n, kind.name), content, report)
		for _, problem := range report.Problems {
			codes[problem.Code]++
		}
	}
	t.Log(codes)
	if len(codes) < 25 {
		t.Errorf("the files have %d kinds of problems: the generator has become tame", len(codes))
	}
	oneLine(t, p)
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	t.Logf("memory: %d MB", memory.Sys>>20)
	if memory.Sys > mostMemory {
		t.Errorf("it took %d MB of memory", memory.Sys>>20)
	}
	applied(t, s, 0)
	good := upload.Request{Name: "good", Content: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(strings.Join(goodRows, "\n"))), nil
	}}
	if report, err := service.Import(t.Context(), good); err != nil || !report.Applied {
		t.Errorf("a good file is refused: %+v, %v", report, err)
	}
	applied(t, s, len(goodRows)-1)
}

// applied holds how many observations there are.
func applied(t *testing.T, s *store.Store, want int) {
	t.Helper()
	n := 0
	if err := s.EachObservation(t.Context(), store.Filter{}, func(store.Recorded) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	if n != want {
		t.Errorf("%d observations stand, want %d", n, want)
	}
}

func refusedInWords(t *testing.T, file string, content []byte, r upload.Report) {
	t.Helper()
	wrong := !r.Refused() || r.Applied || !slices.ContainsFunc(r.Problems, func(p intake.Problem) bool { return p.Severity == intake.Error })
	for _, p := range r.Problems {
		wrong = wrong || p.Code == "" || p.Message == "" || p.Hint == "" || p.File != "upload"
	}
	if wrong {
		t.Errorf("%s: %.2000q\nreport: %+v", file, content, r)
	}
}

// oneLine reads a gigabyte without a line end, which nobody stores.
func oneLine(t *testing.T, p programme.Programme) {
	const bytes = 1 << 30
	for name, limits := range map[string]intake.Limits{"an operator's": {}, "from the web": intake.WebLimits} {
		read := 0
		catalogue := intake.NewCatalogue(p)
		var sink problemsOnly
		summary, err := intake.Check(t.Context(), intake.Source{Name: "upload", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.LimitReader(readerFunc(func(p []byte) (int, error) {
				for i := range p {
					p[i] = 'x'
				}
				read += len(p)
				return len(p), nil
			}), bytes)), nil
		}}, intake.Options{Catalogue: catalogue, Today: badToday, Limits: limits}, &sink)
		if err != nil || !summary.Refused || len(sink) == 0 || sink[0].Code != intake.TooLarge || sink[0].Hint == "" {
			t.Errorf("%s: %+v, %v, %+v", name, summary, err, sink)
		}
		if limits.Bytes == 0 && read < bytes {
			t.Errorf("%s: %d bytes of it were read", name, read)
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

type problemsOnly []intake.Problem

func (*problemsOnly) Row(intake.Row) error { return nil }

func (p *problemsOnly) Problem(problem intake.Problem) error {
	*p = append(*p, problem)
	return nil
}

func (*problemsOnly) Retract(intake.Key) error { return nil }
func (*problemsOnly) About(intake.About) error { return nil }
