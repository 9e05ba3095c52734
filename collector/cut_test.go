package collector_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"sync"
	"testing"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
)

// conversation is what a source answered, in bytes, in order.
type conversation [][]byte

// record has a source pulled once, and keeps what its server said on the wire.
func record(t *testing.T, source func(url string) programme.Source, handler http.HandlerFunc) conversation {
	t.Helper()
	var said conversation
	server := httptest.NewServer(handler)
	defer server.Close()
	between := serve(t, func(w http.ResponseWriter, r *http.Request) {
		ask, err := http.NewRequestWithContext(r.Context(), r.Method, server.URL+r.URL.RequestURI(), r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		ask.Header = r.Header
		ask.Header.Set("Accept-Encoding", "identity")
		ask.Close = true
		response, err := http.DefaultTransport.RoundTrip(ask)
		if err != nil {
			t.Error(err)
			return
		}
		defer response.Body.Close()
		raw, err := httputil.DumpResponse(response, true)
		if err != nil {
			t.Error(err)
		}
		said = append(said, raw)
		parsed, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(raw)), ask)
		if err != nil {
			t.Error(err)
			return
		}
		w.Header().Set("Content-Type", parsed.Header.Get("Content-Type"))
		w.WriteHeader(parsed.StatusCode)
		io.Copy(w, parsed.Body)
	})
	if _, err := try(t, quick(t), source(between)); err != nil {
		t.Fatalf("the pull to be recorded: %v", err)
	}
	if len(said) == 0 {
		t.Fatal("nothing was said")
	}
	return said
}

// replay is a server that says the same again, each answer on a connection of
// its own, and breaks off in one of them.
type replay struct {
	listener net.Listener
	said     conversation
	mu       sync.Mutex
	next     int
	answer   int // in which it breaks off
	at       int // after so many bytes
}

func newReplay(t *testing.T, said conversation) *replay {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &replay{listener: listener, said: said}
	var group sync.WaitGroup
	group.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			group.Go(func() { r.speak(conn) })
		}
	})
	t.Cleanup(func() { listener.Close(); group.Wait() })
	return r
}

func (r *replay) speak(conn net.Conn) {
	defer conn.Close()
	request, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	io.Copy(io.Discard, request.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	text := r.said[min(r.next, len(r.said)-1)]
	if r.next == r.answer {
		text = text[:min(r.at, len(text))]
	}
	r.next++
	conn.Write(text)
}

// breakOff has the next conversation end early.
func (r *replay) breakOff(answer, at int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next, r.answer, r.at = 0, answer, at
}

// Wherever the network is cut, the pull fails: it is never taken for a short
// success.
func TestCutsAreErrors(t *testing.T) {
	month := "Month,Thefts\n2026-01,9\n2026-02,7\n"
	socrataAnswers := map[string]string{
		"/api/views/abcd-1234.json": `{"columns":[{"fieldName":"reported","dataTypeName":"calendar_date"}]}`,
		"count(*) AS n,":            `[{"n":"2","touched":"2026-03-14T01:00:00.000Z"}]`,
		"ORDER BY :id":              `[{"reported":"2026-01-05T00:00:00.000"},{"reported":"2026-02-05T00:00:00.000"}]`,
		"GROUP BY":                  `[{"unit":"2026-01-01T00:00:00.000","records":"1"},{"unit":"2026-02-01T00:00:00.000","records":"1"}]`,
	}
	fewCKAN, fewODS, manyODS, fewArcGIS := newCKAN(), newOpendatasoft(3), newOpendatasoft(101), newArcGIS(3)
	manyODS.plain = true
	fewCKAN.records, fewCKAN.most = 3, 2
	say := func(kind, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			io.WriteString(w, text)
		}
	}
	inPieces := func(kind string, pieces ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			for _, p := range pieces {
				io.WriteString(w, p)
				w.(http.Flusher).Flush()
			}
		}
	}
	items := `{"data":{"items":[{"when":{"from":"2025-10-01"},"amounts":[{"usd":1}],"by":"A"},{"when":{"from":"2026-01-01"},"amounts":[{"usd":2}],"by":"B"}]}}`
	asIs := func(url string) programme.Source { return programme.Source{Kind: "csv", URL: url} }
	pulledSocrata := func(url string) programme.Source {
		s := socrata(url)
		s.Kind = "socrata-pulled"
		return s
	}
	for _, c := range []struct {
		name    string
		source  func(string) programme.Source
		handler http.HandlerFunc
	}{
		{"csv of a length", thefts, say(csvText, month)},
		{"csv in chunks", thefts, inPieces(csvText, "Month,Thefts\n2026-01,9\n", "2026-02,7\n")},
		{"csv as it is", asIs, say(csvText, "indicator,period,value\nthefts,2026-01,9\nthefts,2026-02,7\n")},
		{"json of a length", spent, say(jsonText, items)},
		{"json in chunks", spent, inPieces(jsonText, items[:60], items[60:])},
		{"socrata", socrata, func(w http.ResponseWriter, r *http.Request) { answerOne(w, r, socrataAnswers) }},
		{"socrata, record by record", pulledSocrata, func(w http.ResponseWriter, r *http.Request) { answerOne(w, r, socrataAnswers) }},
		{"ckan", ckan, fewCKAN.ServeHTTP},
		{"opendatasoft, a page", opendatasoft, fewODS.ServeHTTP},
		{"opendatasoft, an export", opendatasoft, manyODS.ServeHTTP},
		{"arcgis", arcgis, fewArcGIS.ServeHTTP},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			said := record(t, c.source, c.handler)
			r := newReplay(t, said)
			client := quick(t, func(o *collector.ClientOptions) { o.Tries = 1; o.Connections = 1 })
			p := springfield(c.source("http://" + r.listener.Addr().String()))
			pull := func() error {
				trial, err := collector.Try(t.Context(), client, p, p.Sources[0].Key(), today)
				if err == nil {
					err = trial.Close()
				}
				return err
			}
			r.breakOff(-1, 0)
			if err := pull(); err != nil {
				t.Fatalf("uncut: %v", err)
			}
			cuts := 0
			for answer, text := range said {
				for at := range text {
					if r.breakOff(answer, at); pull() == nil {
						t.Errorf("cut after byte %d of answer %d, it is a success: …%q", at, answer, tail(text[:at]))
					}
					cuts++
				}
			}
			t.Logf("%d cuts of %d answers", cuts, len(said))
		})
	}
}

func tail(text []byte) []byte { return text[max(0, len(text)-60):] }

func answerOne(w http.ResponseWriter, r *http.Request, answers map[string]string) {
	asked := r.URL.Path + " " + r.URL.Query().Get("$query")
	for part, text := range answers {
		if strings.Contains(asked, part) {
			w.Header().Set("Content-Type", jsonText)
			fmt.Fprint(w, text)
			return
		}
	}
	http.NotFound(w, r)
}
