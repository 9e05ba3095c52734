package words

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Language says things in one language.
type Language struct {
	tag      language.Tag
	texts    map[string]text
	printer  *message.Printer
	fallback *Language // nil for English
}

func newLanguage(tag language.Tag, texts map[string]text) *Language {
	return &Language{tag: tag, texts: texts, printer: message.NewPrinter(tag)}
}

// Tag is the language's, as HTML has it.
func (l *Language) Tag() string { return l.tag.String() }

// Keys are those of all its texts.
func (l *Language) Keys() []string { return slices.Sorted(maps.Keys(l.texts)) }

// Count is the name of the argument that chooses between the forms of a text.
const count = "n"

// Text is the text of a key with its {names} filled in: arguments are names and
// values in turn. A whole number called n also chooses the form of the text.
// There is an error where the language has no such text, and none to fall back
// on, or where an argument is missing.
func (l *Language) Text(key string, args ...any) (string, error) {
	t, ok := l.texts[key]
	if !ok && l.fallback != nil {
		return l.fallback.Text(key, args...)
	}
	if !ok {
		return "", fmt.Errorf("there is no text %q", key)
	}
	said := t[plural.Other]
	pairs := make([]string, 0, len(args))
	for at := 0; at+1 < len(args); at += 2 {
		name, value := fmt.Sprint(args[at]), args[at+1]
		if n, whole := wholeNumber(value); whole {
			if form, differs := t[l.form(n)]; name == count && differs {
				said = form
			}
			value = l.Number(float64(n), 0)
		}
		pairs = append(pairs, "{"+name+"}", fmt.Sprint(value))
	}
	filled := strings.NewReplacer(pairs...).Replace(said)
	if missing := placeholder.FindString(placeholder.ReplaceAllStringFunc(said, func(p string) string {
		if slices.Contains(pairs, p) {
			return ""
		}
		return p
	})); missing != "" {
		return "", fmt.Errorf("the text %q has no %s", key, missing)
	}
	return filled, nil
}

// Say is [Language.Text] for keys that are known to be there: in place of one
// that is not stands the key.
func (l *Language) Say(key string, args ...any) string {
	said, err := l.Text(key, args...)
	if err != nil {
		return key
	}
	return said
}

func (l *Language) form(n int64) plural.Form {
	return plural.Cardinal.MatchPlural(l.tag, int(max(n, -n)), 0, 0, 0, 0)
}

func wholeNumber(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	}
	return 0, false
}
