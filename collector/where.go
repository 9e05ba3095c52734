package collector

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Condition is one of those that a record must meet, such as
// offense = 'HOMICIDE', district != 9, hour in (22, 23) or closed is empty. On
// an empty value none holds but that it is empty, as in SQL.
type Condition struct {
	Field string
	Op    string // = != < <= > >= in, not in, empty, not empty
	Texts []string
	// Numbers are what is compared with where the condition was written with
	// numbers; nil where it was written with texts.
	Numbers []float64
}

// parseWhere reads conditions that are joined by and.
func parseWhere(text string) ([]Condition, error) {
	l := lexer{rest: text}
	if l.next(); l.kind == atEnd && l.err == nil {
		return nil, nil
	}
	var all []Condition
	for {
		c, err := l.condition()
		if err != nil {
			return nil, err
		}
		all = append(all, c)
		if l.kind == atEnd {
			return all, l.err
		}
		if !l.word("and") {
			return nil, fmt.Errorf("%q stands where and was expected", l.text)
		}
	}
}

func (l *lexer) condition() (Condition, error) {
	c := Condition{Field: l.text}
	if l.kind != bare && l.kind != named {
		return c, fmt.Errorf("a condition begins with a field, not with %q", l.text)
	}
	l.next()
	switch {
	case l.kind == operator:
		c.Op = l.text
		l.next()
		return c, l.literal(&c)
	case l.word("is"):
		c.Op = "empty"
		if l.word("not") {
			c.Op = "not empty"
		}
		if !l.word("empty") {
			return c, fmt.Errorf("after is stands empty or not empty, not %q", l.text)
		}
		return c, nil
	case l.word("not"):
		c.Op = "not in"
	default:
		c.Op = "in"
	}
	if !l.word("in") {
		return c, fmt.Errorf("after the field %s stands =, !=, <, <=, >, >=, in, not in or is, not %q", c.Field, l.text)
	}
	return c, l.list(&c)
}

func (l *lexer) list(c *Condition) error {
	if l.text != "(" {
		return errors.New("after in stands a list such as (1, 2)")
	}
	for {
		l.next()
		if err := l.literal(c); err != nil {
			return err
		}
		switch l.text {
		case ",":
		case ")":
			l.next()
			return nil
		default:
			return fmt.Errorf("%q stands in a list where , or ) was expected", l.text)
		}
	}
}

// literal reads a value to compare with: a number, or a text.
func (l *lexer) literal(c *Condition) error {
	n, err := strconv.ParseFloat(l.text, 64)
	number := l.kind == bare && err == nil
	switch {
	case l.kind != bare && l.kind != quoted:
		return fmt.Errorf("%q stands where a value was expected", l.text)
	case len(c.Texts) > 0 && number != (c.Numbers != nil):
		return errors.New("a list holds numbers or texts, not both")
	case number:
		c.Numbers = append(c.Numbers, n)
	}
	c.Texts = append(c.Texts, l.text)
	l.next()
	return l.err
}

type token int

const (
	atEnd    token = iota
	bare           // offense, 9
	named          // "Date of Report"
	quoted         // 'HOMICIDE'
	operator       // =
	mark           // ( ) ,
)

type lexer struct {
	rest string
	kind token
	text string
	err  error
}

// word takes a word, in any case, if it is there.
func (l *lexer) word(word string) bool {
	if l.kind != bare || !strings.EqualFold(l.text, word) {
		return false
	}
	l.next()
	return true
}

func (l *lexer) next() {
	l.rest = strings.TrimLeft(l.rest, " \t\r\n")
	if l.rest == "" {
		l.kind, l.text = atEnd, ""
		return
	}
	switch c := l.rest[0]; {
	case c == '\'' || c == '"':
		l.quote(c)
	case strings.ContainsRune("(),", rune(c)):
		l.kind, l.text, l.rest = mark, l.rest[:1], l.rest[1:]
	default:
		for _, op := range []string{"!=", "<=", ">=", "=", "<", ">"} {
			if rest, ok := strings.CutPrefix(l.rest, op); ok {
				l.kind, l.text, l.rest = operator, op, rest
				return
			}
		}
		end := strings.IndexAny(l.rest, " \t\r\n'\"(),=!<>")
		if end < 0 {
			end = len(l.rest)
		} else if end == 0 {
			l.err, end = fmt.Errorf("%q is not understood", l.rest), len(l.rest)
		}
		l.kind, l.text, l.rest = bare, l.rest[:end], l.rest[end:]
	}
}

// quote reads up to the closing mark; a mark within is written twice.
func (l *lexer) quote(c byte) {
	l.kind = named
	if c == '\'' {
		l.kind = quoted
	}
	m := string(c)
	var text strings.Builder
	for rest := l.rest[1:]; ; {
		part, after, closed := strings.Cut(rest, m)
		text.WriteString(part)
		if !closed {
			l.err = fmt.Errorf("the quotation mark of %s is not closed", l.rest)
			after = ""
		}
		if !strings.HasPrefix(after, m) {
			l.text, l.rest = text.String(), after
			return
		}
		text.WriteString(m)
		rest = after[1:]
	}
}

// holds reports whether a value meets the condition.
func (c Condition) holds(value string) bool {
	switch c.Op {
	case "empty":
		return value == ""
	case "not empty":
		return value != ""
	}
	if value == "" {
		return false
	}
	var order int
	var among bool
	if c.Numbers != nil {
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return c.Op == "!=" || c.Op == "not in"
		}
		among = slices.Contains(c.Numbers, n)
		order = compareNumbers(n, c.Numbers[0])
	} else {
		among = slices.Contains(c.Texts, value)
		order = strings.Compare(value, c.Texts[0])
	}
	switch c.Op {
	case "=", "in":
		return among
	case "!=", "not in":
		return !among
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

func compareNumbers(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
