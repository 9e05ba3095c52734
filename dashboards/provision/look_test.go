package provision_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/testgrafana"
)

func number(n int64) string { return strconv.FormatInt(n, 10) }

// list is some fields of what Grafana lists, sorted.
func (b *bench) list(t *testing.T, path string, org int64, fields ...string) []string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.URL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(testgrafana.User, testgrafana.Password)
	r.Header.Set("X-Grafana-Org-Id", number(org))
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var all []map[string]any
	if err := json.NewDecoder(response.Body).Decode(&all); err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, one := range all {
		var texts []string
		for _, f := range fields {
			texts = append(texts, fmt.Sprint(one[f]))
		}
		list = append(list, strings.Join(texts, " "))
	}
	slices.Sort(list)
	return list
}

func (b *bench) userID(t *testing.T, login string) string {
	t.Helper()
	for _, u := range b.list(t, "api/users", 1, "login", "id") {
		if id, ok := strings.CutPrefix(u, login+" "); ok {
			return id
		}
	}
	t.Fatalf("there is no user %s", login)
	return ""
}
