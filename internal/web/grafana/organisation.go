package grafana

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// inOrganisation is the address of the same dashboard in the organisation that
// has the city that it is asked for; empty where it is right as it is. Grafana
// would show whichever organisation its visitor looked at last, which has no
// data of another city.
func (p *Proxy) inOrganisation(r *http.Request, who string) string {
	query := r.URL.Query()
	city := query.Get("var-city")
	if r.Method != http.MethodGet || !strings.HasPrefix(r.URL.Path, Path+"d/") || city == "" || query.Has("orgId") {
		return ""
	}
	answer, err := p.ask(r.Context(), who, "api/user/orgs")
	if err != nil {
		return "" // the page itself will say what is wrong
	}
	var all []struct {
		OrgID int64  `json:"orgId"`
		Name  string `json:"name"`
	}
	if json.Unmarshal(answer, &all) != nil || len(all) < 2 {
		return ""
	}
	for _, name := range []string{p.Organisation(city), p.Everybody} {
		for _, o := range all {
			if o.Name == name {
				query.Set("orgId", strconv.FormatInt(o.OrgID, 10))
				to := *r.URL
				to.Scheme, to.Host, to.RawQuery = "", "", query.Encode()
				return to.String()
			}
		}
	}
	return ""
}
