package exposition

import (
	"strconv"
	"strings"
)

// acceptsGzip reports whether the Accept-Encoding headers of a request allow
// gzip (RFC 9110, 12.5.3): named, or meant by *, and not with the weight 0.
// Without a header there is no wish, and plain text is the safe answer.
func acceptsGzip(headers []string) bool {
	anything := false
	for coding := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, parameters, _ := strings.Cut(coding, ";")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip", "x-gzip":
			return weight(parameters) > 0
		case "*":
			anything = weight(parameters) > 0
		}
	}
	return anything
}

// weight is the value of q, 1 where there is none and 0 for what is no number.
func weight(parameters string) float64 {
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil {
			return 0
		}
		return q
	}
	return 1
}
