package api_test

import (
	"net/http"
	"testing"
)

func TestSmoke(t *testing.T) {
	i := install(t)
	for _, p := range []string{"/openapi.json", "/cities", "/indicators", "/observations", "/assessments", "/uploads", "/uploads/1", "/uploads/1/file", "/uploads/1/problems"} {
		a := i.as(t, "admin").get(t, p)
		if a.StatusCode != http.StatusOK {
			t.Errorf("%s: %s\n%s", p, a, i.log)
		}
		if p != "/openapi.json" { t.Logf("%.600s", a) }
	}
	a := i.as(t, "aide").post(t, "/uploads?city=riverton&dry_run=true", "text/csv", file)
	t.Log(a)
}
