package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/citygauge/citygauge/internal/web/words"
)

var (
	actions  = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	markup   = regexp.MustCompile(`(?s)<[^>]*>`)
	said     = regexp.MustCompile(`say "([^"]+)"`)
	saidOf   = regexp.MustCompile(`say \(print "([^"]+)"`)
	literals = regexp.MustCompile(`\b(?:title|alt|aria-label|placeholder)="([^"]*)"`)
)

// TestNoTextInTemplates has every word of a page come from the catalogue.
func TestNoTextInTemplates(t *testing.T) {
	for name, text := range templates(t) {
		bare := actions.ReplaceAllString(text, "")
		for _, found := range literals.FindAllStringSubmatch(bare, -1) {
			if strings.ContainsFunc(found[1], unicode.IsLetter) {
				t.Errorf("%s says %q by itself", name, found[1])
			}
		}
		for line := range strings.Lines(markup.ReplaceAllString(bare, "\n")) {
			if strings.ContainsFunc(line, unicode.IsLetter) {
				t.Errorf("%s says %q by itself", name, strings.TrimSpace(line))
			}
		}
	}
}

func templates(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("pages/*.html")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d templates, %v", len(names), err)
	}
	all := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(text)
	}
	return all
}

// TestEveryTextIsThere has everything that is said be in the catalogue, and
// nothing in the catalogue that nobody says.
func TestEveryTextIsThere(t *testing.T) {
	c, err := words.New()
	if err != nil {
		t.Fatal(err)
	}
	keys := c.Languages()[0].Keys()
	var whole, prefixes []string
	for _, text := range templates(t) {
		for _, found := range said.FindAllStringSubmatch(text, -1) {
			whole = append(whole, found[1])
		}
		for _, found := range saidOf.FindAllStringSubmatch(text, -1) {
			prefixes = append(prefixes, found[1])
		}
	}
	for _, dir := range []string{".", "words"} {
		w, p := saidInCode(t, dir)
		whole, prefixes = append(whole, w...), append(prefixes, p...)
	}
	for _, key := range whole {
		if !slices.Contains(keys, key) {
			t.Errorf("%q is said, and not in the catalogue", key)
		}
	}
	for _, key := range keys {
		if !slices.Contains(whole, key) && !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) {
			t.Errorf("nobody says %q", key)
		}
	}
	for _, prefix := range prefixes {
		if !slices.ContainsFunc(keys, func(key string) bool { return strings.HasPrefix(key, prefix) }) {
			t.Errorf("nothing in the catalogue begins with %q", prefix)
		}
	}
}

// saidInCode are the keys that a package says: whole ones, and what others
// begin with.
func saidInCode(t *testing.T, dir string) (whole, prefixes []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			if s, ok := call.Fun.(*ast.SelectorExpr); !ok || s.Sel.Name != "Say" {
				return true
			}
			switch key := call.Args[0].(type) {
			case *ast.BasicLit:
				whole = append(whole, unquoted(key))
			case *ast.BinaryExpr:
				for key, ok := key.X.(*ast.BinaryExpr); ok; key, ok = key.X.(*ast.BinaryExpr) {
					call.Args[0] = key
				}
				first := call.Args[0].(*ast.BinaryExpr).X
				if lit, ok := first.(*ast.BasicLit); ok {
					prefixes = append(prefixes, unquoted(lit))
				}
			case *ast.Ident: // of a variable that is set nearby
				prefixes = append(prefixes, "need.best.")
			}
			return true
		})
	}
	return whole, prefixes
}

func unquoted(lit *ast.BasicLit) string {
	text, _ := strconv.Unquote(lit.Value)
	return text
}
