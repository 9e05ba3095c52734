// Package architecture holds the rule by which the packages of the module
// import each other. It has nothing but tests.
package architecture_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const (
	module     = "github.com/citygauge/citygauge/"
	everything = "*"
	nouns      = "internal/programme" // does with the standard library
	forTests   = "internal/test"      // begins what tests alone import
)

// rules are the packages of ours that each package of ours may import.
type rules map[string][]string

// imports are what each package of ours imports.
type imports map[string][]string

// faults are all the imports that break the rules, in words, by package.
func (r rules) faults(graph imports) []string {
	var faults []string
	say := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for _, pkg := range slices.Sorted(maps.Keys(graph)) {
		allowed, known := r[pkg]
		if !known {
			say("%s is not in the layout: add it there, with the packages of ours that it may import", pkg)
			continue
		}
		for _, imported := range slices.Compact(slices.Sorted(slices.Values(graph[pkg]))) {
			_, ours := r[imported]
			switch {
			case strings.HasPrefix(imported, forTests):
				say("%s imports %s, which is for tests alone", pkg, imported)
			case ours && !slices.Contains(allowed, imported) && !slices.Contains(allowed, everything):
				say("%s imports %s, which the layout does not let it: declare a small interface for what it needs, or move the code", pkg, imported)
			case pkg == nouns && thirdParty(imported):
				say("%s imports %s: it does with the standard library", pkg, imported)
			}
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(r)) {
		if _, found := graph[pkg]; !found {
			say("%s is in the layout, but there is no such package: take it out", pkg)
		}
	}
	return faults
}

// thirdParty reports whether an import is neither of the standard library nor
// ours: it has a host's name in front.
func thirdParty(imported string) bool {
	host, _, _ := strings.Cut(imported, "/")
	return strings.Contains(host, ".")
}
