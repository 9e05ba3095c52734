package dashboards

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// schemaOf holds the types of a release of Grafana that dashboards are made of,
// none of which has a field besides those that it names.
type schemaOf map[string]*jsonschema.Schema

// schemas are those of testdata/schema, by release.
func schemas(t *testing.T) map[string]schemaOf {
	t.Helper()
	names, err := filepath.Glob("testdata/schema/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no schemas (%v)", err)
	}
	all := map[string]schemaOf{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		types := document.(map[string]any)["definitions"].(map[string]any)["Schema"].(map[string]any)["properties"].(map[string]any)
		withoutRequired(types) // Grafana has a default for each
		c := jsonschema.NewCompiler()
		if err := c.AddResource(name, document); err != nil {
			t.Fatal(err)
		}
		release := schemaOf{}
		for what := range types {
			release[what] = c.MustCompile(name + "#/definitions/Schema/properties/" + strings.ReplaceAll(what, " ", "%20"))
		}
		all[strings.TrimSuffix(filepath.Base(name), ".json")] = release
	}
	return all
}

func withoutRequired(schema any) {
	switch s := schema.(type) {
	case map[string]any:
		if _, ok := s["required"].([]any); ok {
			delete(s, "required")
		}
		for _, inner := range s {
			withoutRequired(inner)
		}
	case []any:
		for _, inner := range s {
			withoutRequired(inner)
		}
	}
}

// strangers are what of a dashboard a release does not know, or knows otherwise.
func (s schemaOf) strangers(t *testing.T, text []byte) []string {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d := value.(map[string]any)
	var found []string
	for _, p := range d["panels"].([]any) {
		found = append(found, s.inPanel(p.(map[string]any))...)
	}
	delete(d, "panels")
	return append(found, s.check("dashboard", "dashboard", d)...)
}

func (s schemaOf) inPanel(p map[string]any) []string {
	where := fmt.Sprintf("panel %q", p["title"])
	if p["type"] == "row" {
		found := s.check("row", where, p)
		for _, inner := range p["panels"].([]any) {
			found = append(found, s.inPanel(inner.(map[string]any))...)
		}
		return found
	}
	of := p["type"].(string)
	found := append(s.check("panel", where, p), s.check(of+" options", where+" options", p["options"])...)
	config := p["fieldConfig"].(map[string]any)
	field := config["defaults"].(map[string]any)
	custom, _ := field["custom"].(map[string]any)
	found = append(found, s.field(of, where, field, custom)...)
	for _, o := range config["overrides"].([]any) {
		field, custom := map[string]any{}, map[string]any{}
		for _, property := range o.(map[string]any)["properties"].([]any) {
			p := property.(map[string]any)
			if name, ok := strings.CutPrefix(p["id"].(string), "custom."); ok {
				custom[name] = p["value"]
			} else {
				field[p["id"].(string)] = p["value"]
			}
		}
		found = append(found, s.field(of, where+" override", field, custom)...)
	}
	return found
}

func (s schemaOf) field(of, where string, field, custom map[string]any) []string {
	found := s.check("field", where+" field", field)
	if len(custom) == 0 {
		return found
	}
	return append(found, s.check(of+" custom", where+" custom", custom)...)
}

func (s schemaOf) check(what, where string, value any) []string {
	schema, ok := s[what]
	if !ok {
		return []string{where + ": there is no " + what}
	}
	var found []string
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(value); errors.As(err, &invalid) {
		found = leaves(where, invalid)
	}
	return found
}

// leaves are what is wrong, at its place.
func leaves(where string, e *jsonschema.ValidationError) []string {
	var all []string
	for _, cause := range e.Causes {
		all = append(all, leaves(where, cause)...)
	}
	if len(e.Causes) > 0 {
		return all
	}
	place := []string{where}
	for _, name := range e.InstanceLocation {
		if _, err := strconv.Atoi(name); err != nil {
			place = append(place, name)
		}
	}
	if more, ok := e.ErrorKind.(*kind.AdditionalProperties); ok {
		for _, name := range more.Properties {
			all = append(all, strings.Join(append(place, name), "/"))
		}
		return all
	}
	return []string{strings.Join(place, "/") + " is otherwise"}
}

// allowed are strangers to the types of releases that the releases themselves
// are no strangers to.
var allowed = []struct{ stranger, releases, why string }{
	{`dashboard/templating/list/(multi|includeAll|refresh|regex|current)`, `9\.4|10\.0`, "what the types call a variable was that of none of its kinds then; seen at work in 9.4"},
	{`dashboard/templating/list/definition`, `.*`, "no types have it, every release writes it"},
	{`dashboard/annotations/list/target/(datasource|refId|format|rawSql|rawQuery|editorMode)`, `.*`, "it is the data source's query, which the types leave open elsewhere"},
	{`dashboard/refresh is otherwise`, `9\.4|10\.0`, "the types say string or false, of which the schema lost the text"},
	{`panel "Month by month"(/fieldConfig/defaults| field)/mappings/(type is otherwise|options/match( is otherwise)?)`, `9\.4|10\.0`, "the types know true and false for special values; null is another, seen at work in 9.4"},
	{`panel ".*" override custom/hidden`, `12|13`, "it is hideFrom.viz now, and migrated on loading"},
}

func TestSchemas(t *testing.T) {
	needed := make([]bool, len(allowed))
	for release, s := range schemas(t) {
		for name, text := range files(t) {
			t.Run(release+" "+name, func(t *testing.T) {
			strangers:
				for _, stranger := range s.strangers(t, text) {
					for n, a := range allowed {
						if regexp.MustCompile(`^(`+a.stranger+`)$`).MatchString(stranger) && regexp.MustCompile(`^(`+a.releases+`)`).MatchString(release) {
							needed[n] = true
							continue strangers
						}
					}
					t.Error(stranger)
				}
			})
		}
	}
	for n, a := range allowed {
		if !needed[n] {
			t.Errorf("%s is no stranger any more", a.stranger)
		}
	}
}

func TestSchemasFind(t *testing.T) {
	for release, s := range schemas(t) {
		for _, c := range []struct{ name, text, with, want string }{
			{"a field that no dashboard has", `"timezone"`, `"timeZones"`, "dashboard/timeZones"},
			{"an option that no panel has", `"rowHeight"`, `"rowHeights"`, `panel "Month by month" options/rowHeights`},
			{"a value that an option never has", `"showValue": "never"`, `"showValue": "seldom"`, `panel "Month by month" options/showValue is otherwise`},
			{"an override that no panel has", `"custom.lineWidth"`, `"custom.lineWidths"`, `panel "Actual and expected" override custom/lineWidths`},
			{"a panel that does not exist", `"type": "state-timeline"`, `"type": "timeline"`, `panel "Month by month" options: there is no timeline options`},
		} {
			t.Run(release+" "+c.name, func(t *testing.T) {
				text := bytes.ReplaceAll(files(t)["city.json"], []byte(c.text), []byte(c.with))
				if found := s.strangers(t, text); !slices.Contains(found, c.want) {
					t.Errorf("found are %q, and not %q", found, c.want)
				}
			})
		}
	}
}
