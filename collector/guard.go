package collector

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// guard refuses addresses inside private networks, unless they are allowed. It
// looks at the address that is dialled, so that neither a name nor a redirect
// leads around it.
type guard struct {
	allowed  []netip.Prefix
	proxy    func(*http.Request) (*url.URL, error)
	resolver *net.Resolver
}

// private are the networks that nobody publishes from: those of RFC 6890 that
// the standard library has no name for, and such as carry others inside them.
var private = parsePrefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10", "::/96",
)

func parsePrefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for n, text := range texts {
		all[n] = netip.MustParsePrefix(text)
	}
	return all
}

// check is the error of an address that may not be reached.
func (g *guard) check(address netip.Addr) error {
	address = address.Unmap().WithZone("")
	if holds(g.allowed, address) {
		return nil
	}
	if !address.IsGlobalUnicast() || address.IsPrivate() || address.IsLoopback() || address.IsLinkLocalUnicast() || holds(private, address) {
		return fail(NotAllowed, "%s is inside a private network: if the source may be there, start citygauge with --allow-network %s", address, netip.PrefixFrom(address, address.BitLen()))
	}
	return nil
}

func holds(networks []netip.Prefix, address netip.Addr) bool {
	for _, n := range networks {
		if n.Contains(address) {
			return true
		}
	}
	return false
}

// control is called with the address that is about to be connected to.
func (g *guard) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fail(NotAllowed, "%s %s is no address on the Internet", network, address)
	}
	return g.check(at.Addr())
}

const dialTimeout = 15 * time.Second

// dialer connects to sources alone.
func (g *guard) dialer() *net.Dialer {
	return &net.Dialer{Timeout: dialTimeout, ControlContext: g.control, Resolver: g.resolver}
}

// throughProxy is the proxy that the environment names for a request. The proxy
// itself may be anywhere, since the operator chose it; it would reach private
// addresses for whoever asks, so the name is looked up here as well.
func (g *guard) throughProxy(r *http.Request) (*url.URL, error) {
	proxy, err := g.proxy(r)
	if proxy == nil || err != nil {
		return nil, err
	}
	host := r.URL.Hostname()
	addresses, err := g.resolver.LookupNetIP(r.Context(), "ip", host)
	if err != nil {
		// Only the proxy knows the name; a literal address would have been read.
		return proxy, nil //nolint:nilerr // as said
	}
	for _, a := range addresses {
		if err := g.check(a); err != nil {
			return nil, err
		}
	}
	return proxy, nil
}

// dial connects to a host, or to a proxy that the environment names.
func (g *guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if g.isProxy(address) {
		return (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, network, address)
	}
	return g.dialer().DialContext(ctx, network, address)
}

// isProxy reports whether an address is that of a proxy that the environment
// names for either scheme.
func (g *guard) isProxy(address string) bool {
	for _, scheme := range []string{"http", "https"} {
		proxy, err := g.proxy(&http.Request{URL: &url.URL{Scheme: scheme, Host: "proxied.invalid"}})
		if err != nil || proxy == nil {
			continue
		}
		port := proxy.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[proxy.Scheme]
		}
		if net.JoinHostPort(proxy.Hostname(), port) == address {
			return true
		}
	}
	return false
}

var errRedirects = fmt.Errorf("the source redirects more than %d times", mostRedirects)
