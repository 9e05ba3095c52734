package grafana

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// organisation is one that a visitor is in.
type organisation struct {
	OrgID int64  `json:"orgId"`
	Name  string `json:"name"`
}

// inOrganisation is the address of the same page in the visitor's organisation
// that has the city that it is asked for; empty where it is right as it is.
// Grafana would show whichever organisation its visitor looked at last, which
// has no data of another city. Of a link that somebody else copied, it would
// find nothing: it writes its organisation into every address.
func (p *Proxy) inOrganisation(r *http.Request, who string) string {
	query := r.URL.Query()
	city, asked := query.Get("var-city"), query.Get("orgId")
	if r.Method != http.MethodGet || forPrograms(r.URL.Path) || city == "" && asked == "" {
		return ""
	}
	answer, err := p.ask(r.Context(), who, "api/user/orgs")
	if err != nil {
		return "" // the page itself will say what is wrong
	}
	var all []organisation
	if json.Unmarshal(answer, &all) != nil || len(all) == 0 ||
		slices.ContainsFunc(all, func(o organisation) bool { return strconv.FormatInt(o.OrgID, 10) == asked }) ||
		asked == "" && len(all) == 1 {
		return ""
	}
	own := ""
	for _, name := range []string{p.Everybody, p.Organisation(city)} {
		if n := slices.IndexFunc(all, func(o organisation) bool { return o.Name == name }); n >= 0 {
			own = strconv.FormatInt(all[n].OrgID, 10)
		}
	}
	if own == "" && asked == "" {
		return ""
	}
	// The rest as it is written: kiosk is not kiosk=.
	rest := slices.DeleteFunc(strings.Split(r.URL.RawQuery, "&"), func(one string) bool {
		name, _, _ := strings.Cut(one, "=")
		name, _ = url.QueryUnescape(name)
		return name == "orgId"
	})
	if own != "" { // without one, Grafana takes one of the visitor's
		rest = append(rest, "orgId="+own)
	}
	to := *r.URL
	to.Scheme, to.Host, to.User, to.RawQuery = "", "", nil, strings.Join(rest, "&")
	return to.String()
}
