package grafana

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/citygauge/citygauge/internal/testgrafana"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// site is a site with a Grafana under it. Who is signed in is in the cookie
// "who", as the site's session.
type site struct {
	*testgrafana.Grafana
	url, host string
}

func newSite(t *testing.T) site {
	t.Helper()
	behind := testgrafana.New(t)
	p, err := New(Options{
		Upstream: strings.TrimSuffix(behind.URL, Path),
		Who: func(r *http.Request) (string, error) {
			c, err := r.Cookie("who")
			switch {
			case err != nil:
				return "", nil //nolint:nilerr // nobody
			case c.Value == "unsaid":
				return "", errors.New("the database is away")
			}
			return c.Value, nil
		},
		SignIn:       http.RedirectHandler("/sign-in", http.StatusSeeOther),
		Organisation: func(city string) string { return "citygauge-" + city },
		Everybody:    "citygauge_faculty",
		Log:          slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(Path, p)
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		server.Close()
	})
	for n, city := range []string{"aldermoor", "brightwater"} {
		org := behind.Organisation("citygauge-" + city)
		if n == 0 {
			for _, login := range []string{"citygauge-1", "citygauge-2"} {
				behind.Must(t, "POST", "api/admin/users", 1, map[string]any{"login": login, "password": "nobody's", "orgId": org})
			}
			continue
		}
		behind.Must(t, "POST", fmt.Sprintf("api/orgs/%d/users", org), 1, map[string]any{"loginOrEmail": "citygauge-2", "role": "Viewer"})
	}
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return site{behind, server.URL, address.Host}
}

// send sends a request as it is written, and gives the status and the answer.
func (s site) send(t *testing.T, request string) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", s.host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, strings.ReplaceAll(request, "\n", "\r\n")); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

const asOne = "Host: site\nCookie: who=citygauge-1\nConnection: close\n"

func TestSignedInOnce(t *testing.T) {
	s := newSite(t)
	r, body := s.send(t, "GET /grafana/api/user HTTP/1.1\n"+asOne+"\n")
	if r.StatusCode != http.StatusOK || !strings.Contains(body, `"login":"citygauge-1"`) {
		t.Errorf("the answer is %d %s", r.StatusCode, body)
	}
	if c := r.Header["Set-Cookie"]; c != nil {
		t.Errorf("Grafana sets the cookies %q", c)
	}
	if r, _ := s.send(t, "GET /grafana/ HTTP/1.1\nHost: site\nConnection: close\n\n"); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/sign-in" {
		t.Errorf("without a session the answer is %d to %s", r.StatusCode, r.Header.Get("Location"))
	}
	r, body = s.send(t, "GET /grafana/ HTTP/1.1\nHost: site\nCookie: who=citygauge-9\nConnection: close\n\n")
	if r.StatusCode != http.StatusForbidden || !strings.Contains(body, "citygauge grafana apply") {
		t.Errorf("whom Grafana does not know is answered %d %s", r.StatusCode, body)
	}
}

// Nobody but the site says who somebody is.
func TestNobodySaysWhoTheyAre(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ name, request string }{
		{"the header", "GET /grafana/api/user HTTP/1.1\nX-WEBAUTH-USER: admin\n" + asOne + "\n"},
		{"in small letters", "GET /grafana/api/user HTTP/1.1\nx-webauth-user: admin\n" + asOne + "\n"},
		{"twice", "GET /grafana/api/user HTTP/1.1\nX-Webauth-User: admin\nX-WEBAUTH-USER: admin\n" + asOne + "\n"},
		{"with underscores", "GET /grafana/api/user HTTP/1.1\nX_WEBAUTH_USER: admin\n" + asOne + "\n"},
		{"with more of its kind", "GET /grafana/api/user HTTP/1.1\nX-WEBAUTH-NAME: admin\nX-WEBAUTH-ROLE: Admin\nX-WEBAUTH-GROUPS: x\n" + asOne + "\n"},
		{"taken out by Connection", "GET /grafana/api/user HTTP/1.1\nHost: site\nCookie: who=citygauge-1\nX-WEBAUTH-USER: admin\nConnection: close, X-WEBAUTH-USER\n\n"},
		{"taken out by Connection, without one", "GET /grafana/api/user HTTP/1.1\nHost: site\nCookie: who=citygauge-1\nConnection: close, X-Webauth-User\n\n"},
		{"taken out by two Connections", "GET /grafana/api/user HTTP/1.1\nHost: site\nCookie: who=citygauge-1\nConnection: X-Webauth-User\nConnection: close\nProxy-Connection: X-Webauth-User\n\n"},
		{"as a trailer", "POST /grafana/anything HTTP/1.1\nTrailer: X-Webauth-User\nTransfer-Encoding: chunked\n" + asOne + "\n0\nX-Webauth-User: admin\n\n"},
		{"by password", "GET /grafana/api/user HTTP/1.1\nAuthorization: Basic YWRtaW46c2VjcmV0\n" + asOne + "\n"},
		{"by a proxy's password", "GET /grafana/api/user HTTP/1.1\nProxy-Authorization: Basic YWRtaW46c2VjcmV0\n" + asOne + "\n"},
		{"by a token", "GET /grafana/api/user HTTP/1.1\nX-JWT-Assertion: x\nX-Grafana-Id: x\nX-Forwarded-User: admin\nX-Remote-User: admin\n" + asOne + "\n"},
		{"by a session left behind", "GET /grafana/api/user HTTP/1.1\nHost: site\nCookie: grafana_session=admins; who=citygauge-1\nConnection: close\n\n"},
		{"in HTTP/1.0", "GET /grafana/api/user HTTP/1.0\nCookie: who=citygauge-1\nX-WEBAUTH-USER: admin\n\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.Requests()
			r, body := s.send(t, c.request)
			if r.StatusCode != http.StatusOK || !strings.Contains(body, `"login":"citygauge-1"`) {
				t.Errorf("the answer is %d %s", r.StatusCode, body)
			}
			got := s.Requests()
			if len(got) != 1 {
				t.Fatalf("Grafana was asked %d times", len(got))
			}
			if c.name != "in HTTP/1.0" && got[0].Host != "site" || len(got[0].Trailer) > 0 {
				t.Errorf("Grafana is asked at %q, with the trailers %v", got[0].Host, got[0].Trailer)
			}
			for name, values := range got[0].Header {
				switch joined := strings.Join(values, ", "); {
				case name == userHeader && joined != "citygauge-1",
					name != userHeader && (strings.Contains(strings.ToLower(name), "auth") || strings.Contains(joined, "admin")),
					name == "Cookie", name == "X-Grafana-Id", name == "X-Jwt-Assertion", strings.HasPrefix(name, "X-Forwarded"):
					t.Errorf("Grafana is told %s: %s", name, joined)
				}
			}
		})
	}
	for _, line := range []string{"X-WEBAUTH-USER : admin", "X-WEBAUTH-USER\t: admin"} {
		if r, _ := s.send(t, "GET /grafana/api/user HTTP/1.1\n"+line+"\n"+asOne+"\n"); r.StatusCode != http.StatusBadRequest {
			t.Errorf("%q is answered with %d", line, r.StatusCode)
		}
	}
}

func TestWhatIsNotServed(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		name, request string
		status        int
	}{
		{"Grafana's metrics", "GET /grafana/metrics HTTP/1.1\n" + asOne + "\n", http.StatusNotFound},
		{"a POST of another site", "POST /grafana/api/x HTTP/1.1\nOrigin: https://evil.example\nSec-Fetch-Site: cross-site\nContent-Length: 0\n" + asOne + "\n", http.StatusForbidden},
		{"a POST of another site, of an old browser", "POST /grafana/api/x HTTP/1.1\nOrigin: https://evil.example\nContent-Length: 0\n" + asOne + "\n", http.StatusForbidden},
		{"a POST of ours", "POST /grafana/api/x HTTP/1.1\nOrigin: http://site\nSec-Fetch-Site: same-origin\nContent-Length: 0\n" + asOne + "\n", http.StatusOK},
		{"a WebSocket of another site", "GET /grafana/api/live/ws HTTP/1.1\nOrigin: https://evil.example\nUpgrade: websocket\nHost: site\nCookie: who=citygauge-1\nConnection: Upgrade\n\n", http.StatusForbidden},
		{"a WebSocket of no site", "GET /grafana/api/live/ws HTTP/1.1\nUpgrade: websocket\nHost: site\nCookie: who=citygauge-1\nConnection: Upgrade\n\n", http.StatusForbidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r, body := s.send(t, c.request); r.StatusCode != c.status {
				t.Errorf("the answer is %d %s, want %d", r.StatusCode, body, c.status)
			}
		})
	}
}

func TestWebSocket(t *testing.T) {
	s := newSite(t)
	conn, err := net.Dial("tcp", s.host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /grafana/api/live/ws HTTP/1.1\r\nHost: site\r\nOrigin: http://site\r\nCookie: who=citygauge-1\r\nX-WEBAUTH-USER: admin\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(conn)
	response, err := http.ReadResponse(reader, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("the answer is %v (%v)", response, err)
	}
	response.Body.Close()
	for _, line := range []string{"one\n", "two\n"} {
		if _, err := io.WriteString(conn, line); err != nil {
			t.Fatal(err)
		}
		if heard, err := reader.ReadString('\n'); err != nil || heard != "citygauge-1 says "+line {
			t.Errorf("it says %q (%v)", heard, err)
		}
	}
}

// A link to a city's dashboard opens in the organisation that has the city,
// whichever its visitor looked at last.
func TestOpensInTheCitysOrganisation(t *testing.T) {
	s := newSite(t)
	two := "Host: site\nCookie: who=citygauge-2\nConnection: close\n\n"
	org := func(name string) string {
		return fmt.Sprint(int64(s.Must(t, "GET", "api/orgs/name/"+name, 1, nil)["id"].(float64)))
	}
	for _, c := range []struct{ name, path, who, want string }{
		{"one's second city", "/grafana/d/citygauge-city/city?var-city=brightwater&kiosk&from=1", two, "/grafana/d/citygauge-city/city?var-city=brightwater&kiosk&from=1&orgId=" + org("citygauge-brightwater")},
		{"one's first", "/grafana/d/citygauge-city/city?var-city=aldermoor", two, "/grafana/d/citygauge-city/city?var-city=aldermoor&orgId=" + org("citygauge-aldermoor")},
		{"in another of one's organisations, to which Grafana changes", "/grafana/d/citygauge-city/city?var-city=aldermoor&orgId=" + org("citygauge-brightwater"), two, "/grafana/d/citygauge-city/city?var-city=aldermoor&orgId=" + org("citygauge-brightwater")},
		{"a link that faculty copied", "/grafana/d/citygauge-city/city?var-city=aldermoor&orgId=999", two, "/grafana/d/citygauge-city/city?var-city=aldermoor&orgId=" + org("citygauge-aldermoor")},
		{"such a link, for whoever has one city", "/grafana/d/citygauge-city/city?var-city=aldermoor&orgId=999", asOne + "\n", "/grafana/d/citygauge-city/city?var-city=aldermoor&orgId=" + org("citygauge-aldermoor")},
		{"such a link to another's city", "/grafana/d/citygauge-city/city?var-city=oslo&orgId=999", two, "/grafana/d/citygauge-city/city?var-city=oslo"},
		{"such a link, written otherwise", "/grafana/d/citygauge-city/city?var-city=aldermoor&org%49d=999", asOne + "\n", "/grafana/d/citygauge-city/city?var-city=aldermoor&orgId=" + org("citygauge-aldermoor")},
		{"such a link to another page", "/grafana/dashboards?orgId=999&x=1", asOne + "\n", "/grafana/dashboards?x=1"},
		{"a query, which is no page", "/grafana/api/user?orgId=999", two, ""},
		{"a query of a newer Grafana's", "/grafana/apis/folder.grafana.app/v1beta1/namespaces/org-2/folders?orgId=999", two, ""},
		{"another's city", "/grafana/d/citygauge-city/city?var-city=oslo&from=1", two, ""},
		{"whoever has one city", "/grafana/d/citygauge-city/city?var-city=aldermoor", asOne + "\n", ""},
		{"no city", "/grafana/d/citygauge-city/city", two, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _ := s.send(t, "GET "+c.path+" HTTP/1.1\n"+c.who)
			if got := r.Header.Get("Location"); got != c.want || (got == "") != (r.StatusCode == http.StatusOK) {
				t.Errorf("the answer is %d to %q, want %q", r.StatusCode, got, c.want)
			}
		})
	}
}
