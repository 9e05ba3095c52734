package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/web"
)

// roles are the columns of the table: who asks. Riverton is the city of the
// mayor and the aide; of the other aide it is not.
var roles = []string{"nobody", "expired", "mayor", "aide", "other", "faculty", "admin"}

// TestWhoMaySeeWhat walks every route as everybody. to is where one is led to
// with 303: for nobody and for whose session is over, to sign in.
func TestWhoMaySeeWhat(t *testing.T) {
	i := install(t)
	const in = "303 /sign-in"
	someone := i.as(t, aide)
	applied := someone.preview(t, riverton, goodFile)
	someone.post(t, applied+"/commit", nil)
	says(t, someone.page(t, applied), "Saved")
	var walked []string
	for _, c := range []struct {
		route string
		want  []string // by role
	}{
		{"GET /", []string{in, in, "303 /cities/riverton", "303 /cities/riverton", "303 /cities/lakeside", "303 /compare", "303 /cities"}},
		{"GET /sign-in", []string{"200", "200", "303 /", "303 /", "303 /", "303 /", "303 /"}},
		{"GET /sign-in/oidc", []string{"404", "404", "404", "404", "404", "404", "404"}}, // none is configured
		{"GET /sign-in/oidc/callback", []string{"404", "404", "404", "404", "404", "404", "404"}},
		{"POST /sign-in", []string{"401", "401", "401", "401", "401", "401", "401"}},
		{"GET /account", []string{in, in, "200", "200", "200", "200", "200"}},
		{"POST /account/password", []string{in, in, "422", "422", "422", "422", "422"}}, // without the password now
		{"GET /cities", []string{in, in, "200", "200", "200", "200", "200"}},
		{"GET /cities/riverton", []string{in, in, "200", "200", "404", "200", "200"}},
		{"GET /cities/lakeside", []string{in, in, "404", "404", "200", "200", "200"}},
		{"GET /cities/nowhere", []string{in, in, "404", "404", "404", "404", "404"}},
		{"GET /cities/riverton/upload", []string{in, in, "403", "200", "404", "403", "200"}},
		{"GET /cities/lakeside/upload", []string{in, in, "404", "404", "200", "403", "200"}},
		{"GET /cities/nowhere/upload", []string{in, in, "404", "404", "404", "404", "404"}},
		{"POST /cities/riverton/upload", []string{in, in, "403", "400", "404", "403", "400"}}, // without a file
		{"POST /cities/lakeside/upload", []string{in, in, "404", "404", "400", "403", "400"}},
		{"POST /cities/nowhere/upload", []string{in, in, "404", "404", "404", "404", "404"}},
		{"GET /cities/riverton/template.csv", []string{in, in, "403", "200", "404", "403", "200"}},
		{"GET /cities/riverton/template.xlsx", []string{in, in, "403", "200", "404", "403", "200"}},
		{"GET /uploads", []string{in, in, "200", "200", "200", "200", "200"}},
		{"GET /uploads/1", []string{in, in, "404", "404", "404", "200", "200"}}, // the operator's, of both cities
		{"GET " + applied, []string{in, in, "200", "200", "404", "200", "200"}},
		{"GET " + applied + "/file", []string{in, in, "200", "200", "404", "200", "200"}},
		{"GET " + applied + "/problems.csv", []string{in, in, "200", "200", "404", "200", "200"}},
		{"POST " + applied + "/commit", []string{in, in, "403", "303 " + applied, "404", "403", "303 " + applied}},
		{"POST " + applied + "/again", []string{in, in, "403", "303 ", "404", "403", "303 "}},
		{"GET " + applied + "/revert", []string{in, in, "403", "200", "404", "403", "200"}},
		{"POST " + applied + "/revert", []string{in, in, "403", "303 ", "404", "403", "303 "}}, // to what the aide, who was faster, did
		{"GET /uploads/999", []string{in, in, "404", "404", "404", "404", "404"}},
		{"POST /uploads/999/commit", []string{in, in, "404", "404", "404", "404", "404"}},
		{"GET /compare", []string{in, in, "403", "403", "403", "200", "200"}},
		{"GET /compare.csv", []string{in, in, "403", "403", "403", "200", "200"}},
		{"GET /accounts", []string{in, in, "403", "403", "403", "403", "200"}},
		{"POST /accounts", []string{in, in, "403", "403", "403", "403", "422"}},              // without a name
		{"POST /accounts/999/disable", []string{in, in, "403", "403", "403", "403", "422"}},  // there is none
		{"POST /accounts/999/anything", []string{in, in, "403", "403", "403", "403", "404"}}, //
		{"GET /nothing", []string{"404", "404", "404", "404", "404", "404", "404"}},
		{"POST /account/sign-out", []string{in, in, in, in, in, in, in}},
		{"POST /sign-out", []string{in, in, in, in, in, in, in}},
	} {
		walked = append(walked, c.route)
		t.Run(c.route, func(t *testing.T) {
			method, path, _ := strings.Cut(c.route, " ")
			got := make([]string, len(roles))
			for n, role := range roles {
				who := i.role(t, role)
				var a answer
				if method == http.MethodGet {
					a = who.get(t, path)
				} else {
					a = who.post(t, path, url.Values{})
				}
				got[n] = shown(a, c.want[n])
				if a.code >= 500 {
					t.Errorf("%s: %d\n%s", role, a.code, i.log)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("answers to %v (-want +got):\n%s", roles, diff)
			}
		})
	}
	covered(t, walked)
}

var hole = regexp.MustCompile(`\\\{[a-z$]+\\\}`)

// covered makes sure that every route of the site is in the table.
func covered(t *testing.T, table []string) {
	t.Helper()
	for _, pattern := range web.Routes() {
		like := regexp.MustCompile("^" + hole.ReplaceAllString(regexp.QuoteMeta(strings.TrimSuffix(pattern, "{$}")), "[^/]+") + "$")
		if !slices.ContainsFunc(table, like.MatchString) {
			t.Errorf("%s is not in the table", pattern)
		}
	}
}

// shown is an answer as the table has it: where to is left open by "303 ", it
// is anywhere but to sign in.
func shown(a answer, want string) string {
	if a.code != http.StatusSeeOther {
		return strconv.Itoa(a.code)
	}
	path, _, _ := strings.Cut(a.header.Get("Location"), "?")
	if want == "303 " && path != "/sign-in" {
		path = ""
	}
	return "303 " + path
}

// role is a visitor in one of the roles.
func (i *installation) role(t *testing.T, role string) *client {
	t.Helper()
	switch role {
	case "nobody":
		return i.visitor(t)
	case "expired":
		c := i.as(t, aide)
		a, err := i.Named(t.Context(), aide)
		if err == nil {
			err = i.SignOutEverywhere(t.Context(), account.Actor{Name: "operator"}, a.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	return i.as(t, role+"@example.org")
}
