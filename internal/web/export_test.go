package web

// Routes are the patterns of all routes.
func Routes() []string {
	var patterns []string
	for _, r := range (&site{}).routes() {
		patterns = append(patterns, r.pattern)
	}
	return patterns
}
