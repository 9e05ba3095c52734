package testprom

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// Query is the value of an instant query's only result, as of a time or, where
// that is zero, of now. It is empty where there is not exactly one result, and
// as long as the server is not ready.
func (s *Server) Query(t testing.TB, expression string, at time.Time) string {
	t.Helper()
	parameters := url.Values{"query": {expression}}
	if !at.IsZero() {
		parameters.Set("time", at.Format(time.RFC3339))
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/api/v1/query?"+parameters.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusServiceUnavailable {
		return "" // it listens before it is ready
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var result struct {
		Data struct {
			Result []struct {
				Value [2]any
			}
		}
	}
	if err := json.Unmarshal(body, &result); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v: %s", expression, err, body)
	}
	if len(result.Data.Result) != 1 {
		return ""
	}
	return fmt.Sprint(result.Data.Result[0].Value[1])
}

// Await waits until [Server.Query] answers what is wanted.
func (s *Server) Await(t testing.TB, expression, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got := ""
	for tick := time.NewTicker(100 * time.Millisecond); got != want; {
		select {
		case <-tick.C:
			got = s.Query(t, expression, time.Time{})
		case <-ctx.Done():
			t.Fatalf("%s is %q after a minute, want %q", expression, got, want)
		}
	}
}
