package words

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed *.yaml
var own embed.FS

// Catalogue is every text in every language.
type Catalogue struct {
	languages []*Language // English first
	matcher   language.Matcher
}

// New is the catalogue of the languages that come with the program.
func New() (*Catalogue, error) { return Load(own) }

// Load reads the languages of a folder: TAG.yaml each. There must be en.yaml.
func Load(files fs.FS) (*Catalogue, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	english := slices.Index(names, "en.yaml")
	if english < 0 {
		return nil, fmt.Errorf("there is no en.yaml among %v", names)
	}
	names[0], names[english] = names[english], names[0]
	c := &Catalogue{}
	var tags []language.Tag
	for _, name := range names {
		l, err := read(files, name)
		if err != nil {
			return nil, fmt.Errorf("read the texts of %s: %w", name, err)
		}
		if len(c.languages) > 0 {
			l.fallback = c.languages[0]
		}
		c.languages, tags = append(c.languages, l), append(tags, l.tag)
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

// Languages are all, English first.
func (c *Catalogue) Languages() []*Language { return slices.Clone(c.languages) }

// For is the language that suits a browser's Accept-Language best.
func (c *Catalogue) For(accept string) *Language {
	// What cannot be read asks for nothing.
	wanted, _, _ := language.ParseAcceptLanguage(accept)
	_, index, _ := c.matcher.Match(wanted...)
	return c.languages[index]
}

func read(files fs.FS, name string) (*Language, error) {
	tag, err := language.Parse(strings.TrimSuffix(path.Base(name), ".yaml"))
	if err != nil {
		return nil, err
	}
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	var root map[string]any
	if err := yaml.Unmarshal(content, &root); err != nil {
		return nil, err
	}
	texts := map[string]text{}
	if err := gather(texts, "", root); err != nil {
		return nil, err
	}
	return newLanguage(tag, texts), nil
}

// text is one text, in the forms that a number asks for.
type text map[plural.Form]string

var forms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// gather flattens what a file nests: a: {b: text} is the text of a.b.
func gather(texts map[string]text, key string, value any) error {
	switch v := value.(type) {
	case string:
		texts[key] = text{plural.Other: v}
	case map[string]any:
		if areForms(v) {
			return gatherForms(texts, key, v)
		}
		for name, inner := range v {
			if err := gather(texts, strings.TrimPrefix(key+"."+name, "."), inner); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("%s is a %T: write text, in quotes where it looks like something else", key, value)
	}
	return nil
}

// areForms reports whether keys are forms of one text, and not texts.
func areForms(v map[string]any) bool {
	for name := range v {
		if _, known := forms[name]; !known {
			return false
		}
	}
	_, other := v["other"]
	return other
}

func gatherForms(texts map[string]text, key string, all map[string]any) error {
	t := text{}
	for name, value := range all {
		said, isText := value.(string)
		if !isText {
			return fmt.Errorf("%s.%s is a %T: write text", key, name, value)
		}
		t[forms[name]] = said
	}
	texts[key] = t
	return nil
}
