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

// beside is what stands beside the records of an answer, as APIs of many kinds
// write it.
type beside struct {
	more  bool  // it leads to another page
	total int64 // as many records there are; 0: it does not say
}

// leads reports whether a value says where to go on: a link, a number, or an
// object with one; of the last page it is often there, and empty.
func leads(value gjson.Result) (somewhere bool) {
	if value.IsObject() {
		value.ForEach(func(_, v gjson.Result) bool {
			somewhere = leads(v)
			return !somewhere
		})
	}
	return somewhere || value.Str != "" || value.Num > 0
}

func (b *beside) note(key string, value gjson.Result) {
	switch strings.ToLower(strings.NewReplacer("_", "", "@", "").Replace(key)) {
	case "next", "nextpage", "nexturl", "nextlink", "odata.nextlink", "nextcursor", "nextpagetoken", "continuationtoken":
		b.more = b.more || leads(value)
	case "hasmore", "hasnext", "hasnextpage", "exceededtransferlimit":
		b.more = b.more || value.Type == gjson.True
	case "totalcount", "totalrecords", "totalresults", "recordsfiltered", "numbermatched", "odata.count":
		b.total = max(b.total, value.Int())
	case "links", "paging", "pagination", "meta", "properties":
		b.more = b.more || value.Get(`#(rel=="next")`).Exists()
		if value.IsObject() {
			value.ForEach(func(k, v gjson.Result) bool {
				b.note(k.Str, v)
				return true
			})
		}
	}
}
