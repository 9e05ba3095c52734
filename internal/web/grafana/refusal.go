package grafana

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
)

// nobody answers who is not signed in, or not any more. A page of Grafana's that
// is open takes what leads to the sign-in for an empty answer, and says that
// there are no targets: it is told by a status that it understands, and loads
// itself anew.
func (p *Proxy) nobody(w http.ResponseWriter, r *http.Request, err error) {
	if !forPrograms(r.URL.Path) {
		p.SignIn.ServeHTTP(w, r)
		return
	}
	status, message := http.StatusUnauthorized, "You are not signed in any more: load the page again."
	if err != nil {
		status, message = http.StatusServiceUnavailable, "Who you are cannot be found out at this moment. Try again in a minute."
		if r.Context().Err() == nil {
			p.Log.Error("it cannot be told who asks for Grafana", "error", err)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message}) // or nobody waits for it
}

// forPrograms reports whether a path is asked for by Grafana's pages, not by
// their reader: newer ones ask below apis/, too.
func forPrograms(path string) bool {
	return strings.HasPrefix(path, Path+"api/") || strings.HasPrefix(path, Path+"apis/")
}

// errUnknown is that Grafana does not know a visitor.
var errUnknown = errors.New("the dashboards do not know the account")

// errElsewhere is that Grafana leads to a page of the site that is not its own.
var errElsewhere = errors.New("the dashboards are not set up for the site")

// failed answers where Grafana does not.
func (p *Proxy) failed(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, errUnknown):
		p.Log.Warn("Grafana does not know an account: run citygauge grafana apply, and make sure of [auth.proxy] in Grafana's configuration", "login", r.Context().Value(login{}))
		http.Error(w, "The dashboards do not know your account yet. Ask whoever runs citygauge to run: citygauge grafana apply", http.StatusForbidden)
	case errors.Is(err, errElsewhere):
		p.Log.Error("Grafana does not serve /grafana/: set root_url and serve_from_sub_path in its configuration, as deploy/grafana/README.md has it")
		http.Error(w, "The dashboards are not set up yet. Tell whoever runs citygauge, whose log says what is missing.", http.StatusBadGateway)
	case r.Context().Err() != nil: // nobody waits for an answer
	default:
		p.Log.Error("Grafana does not answer", "error", err)
		http.Error(w, "The dashboards do not answer at this moment. Try again in a minute; if it stays like this, tell whoever runs citygauge.", http.StatusBadGateway)
	}
}
