package api

// Routes are all routes, as METHOD /path.
func (a *API) Routes() []string {
	var all []string
	for _, r := range a.routes() {
		all = append(all, r.method+" "+r.path)
	}
	return all
}
