package grafana

import "net/http"

// userHeader is where Grafana's auth proxy looks for the login, unless it is
// configured otherwise.
const userHeader = "X-Webauth-User"

// passed are the headers of a request that go on to Grafana. What is not among
// them does not, in whatever spelling: neither other names that an auth proxy
// or a token could come by, nor what says where a request is from.
var passed = []string{
	"Accept", "Accept-Encoding", "Accept-Language", "Cache-Control", "Content-Encoding", "Content-Type", "If-Match", "If-Modified-Since",
	"If-None-Match", "Origin", "Pragma", "Range", "User-Agent",
	// Those of Grafana's pages. A visitor chooses among their own organisations.
	"X-Cache-Skip", "X-Dashboard-Title", "X-Dashboard-Uid", "X-Datasource-Uid", "X-Grafana-Device-Id", "X-Grafana-Org-Id", "X-Panel-Id",
	"X-Panel-Plugin-Id", "X-Panel-Title", "X-Plugin-Id", "X-Query-Group-Id",
	// Of a WebSocket. Connection and Upgrade are the proxy's own.
	"Sec-Websocket-Extensions", "Sec-Websocket-Key", "Sec-Websocket-Protocol", "Sec-Websocket-Version",
}

// only keeps the headers that may pass, and those by which the proxy changes
// the protocol.
func only(h http.Header) http.Header {
	kept := http.Header{}
	for _, name := range passed {
		if values, ok := h[name]; ok {
			kept[name] = values
		}
	}
	for _, name := range []string{"Connection", "Upgrade"} {
		if values, ok := h[name]; ok {
			kept[name] = values
		}
	}
	return kept
}
