package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/progress"
)

//go:embed pages static
var files embed.FS

// asset is a file that is the same for everybody.
type asset struct {
	kind, tag string
	content   []byte
}

var assetKinds = map[string]string{
	"style.css": "text/css; charset=utf-8", "upload.js": "text/javascript; charset=utf-8",
	"confirm.js": "text/javascript; charset=utf-8", "favicon.svg": "image/svg+xml",
}

func (s *site) loadAssets() error {
	for name, kind := range assetKinds {
		content, err := files.ReadFile("static/" + name)
		if err != nil {
			return err
		}
		if name == "style.css" {
			content = append(content, statusStyles()...)
		}
		sum := sha256.Sum256(content)
		s.assets["/"+name] = asset{kind, strconv.Quote(hex.EncodeToString(sum[:8])), content}
	}
	return nil
}

func (s *site) asset(w http.ResponseWriter, r *http.Request) {
	a := s.assets[r.URL.Path]
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "max-age=300")
	h.Set("ETag", a.tag)
	if r.Header.Get("If-None-Match") == a.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = bytes.NewReader(a.content).WriteTo(w) // that a client went away is its own affair
}

// statusStyles gives every status its colour, and the ink that can be read on
// it.
func statusStyles() string {
	var css strings.Builder
	for _, s := range progress.Statuses() {
		fmt.Fprintf(&css, ".%s { --status: %s; --status-ink: %s; }\n", s, s.Colour(), ink(s.Colour()))
	}
	return css.String()
}

// ink is black or white, whichever has more contrast.
func ink(colour string) string {
	var r, g, b float64
	for n, part := range []*float64{&r, &g, &b} {
		v, _ := strconv.ParseUint(colour[1+2*n:3+2*n], 16, 8)
		*part = linear(float64(v) / 255)
	}
	// Where white and black have the same contrast, by WCAG 2.2.
	const even = 0.179
	if 0.2126*r+0.7152*g+0.0722*b > even {
		return "#000000"
	}
	return "#FFFFFF"
}
