package collector

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
)

// usualLimits are how many records portals give at once unless asked for more.
var usualLimits = []int64{100, 1000, 2000, 10_000, 32_000, 50_000}

// open asks for the source's url itself. Where the answer is what it was the
// last time, nothing has changed.
func (p *Pull) open(ctx context.Context) (*Answer, error) {
	r := Request{URL: p.Source.URL, Header: p.authorization("Bearer ")}
	if p.remembers() {
		r.Known = p.Memory
	}
	a, err := p.Client.Open(ctx, r)
	if err != nil {
		return nil, err
	}
	if a.Unchanged {
		a.Content.Close()
		return nil, errUnchanged
	}
	p.more = linksOn(a.Header)
	p.Learnt.ETag, p.Learnt.LastModified = a.Header.Get("ETag"), a.Header.Get("Last-Modified")
	return a, nil
}

// authorization is the header with the source's secrets: the token after a
// word, or the user with the password.
func (p *Pull) authorization(word string) http.Header {
	h := http.Header{}
	switch {
	case p.secrets.token != "":
		h.Set("Authorization", word+p.secrets.token)
	case p.Source.User != "":
		h.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(p.Source.User+":"+p.secrets.password)))
	}
	return h
}

// page asks for a page of an API, which is not one for people.
func (p *Pull) page(ctx context.Context, r Request) ([]byte, error) {
	content, err := p.Client.Page(ctx, r)
	if err == nil && looksLikePage(content[:min(len(content), 512)]) {
		return nil, errWebPage
	}
	return bytes.TrimPrefix(content, []byte("\ufeff")), err
}
