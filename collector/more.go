package collector

import (
	"net/http"
	"strings"

	"github.com/tidwall/gjson"
)

// linksOn reports whether an answer's header leads to another page (RFC 8288).
func linksOn(h http.Header) bool {
	for _, link := range h.Values("Link") {
		link = strings.ToLower(strings.ReplaceAll(link, " ", ""))
		if strings.Contains(link, `;rel="next"`) || strings.Contains(link, ";rel=next") {
			return true
		}
	}
	return false
}

// goesOn reports whether what stands beside the records of an answer leads to
// another page, as APIs of many kinds write it.
func goesOn(key string, value gjson.Result) bool {
	switch strings.ToLower(strings.NewReplacer("_", "", "@", "").Replace(key)) {
	case "next", "nextpage", "nexturl", "nextlink", "odata.nextlink", "nextcursor", "nextpagetoken", "continuationtoken":
		return value.Type == gjson.String && value.Str != "" || value.Type == gjson.Number && value.Num > 0 || value.Get("href").Exists()
	case "hasmore", "hasnext", "hasnextpage", "exceededtransferlimit":
		return value.Type == gjson.True
	case "links", "paging", "pagination", "meta", "properties":
		more := value.Get(`#(rel=="next")`).Exists()
		if value.IsObject() {
			value.ForEach(func(k, v gjson.Result) bool {
				more = more || goesOn(k.Str, v)
				return !more
			})
		}
		return more
	}
	return false
}
