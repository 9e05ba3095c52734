package intake

import (
	"bytes"
	"strconv"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/currency"
)

// mark is the decimal mark that a number is written with.
type mark uint8

const (
	noMark     mark = iota // 12 or 1 234: reads alike with either
	pointMark              // 12.5 or 1,234,567: reads only with decimal points
	commaMark              // 12,5 or 1.234.567: reads only with decimal commas
	eitherMark             // 1.234: a decimal to some, thousands to others
)

// numeral is a number as written: sign, digits in groups with separators
// between them, exponent.
type numeral struct {
	text       []byte // of digits, separators and exponent
	negative   bool
	exponent   int // where it begins; len(text) without one
	separators int
	separator  [maxSeparators]separator
	digits     [maxSeparators + 1]int // before, between and after the separators
	mark       mark
	decimal    [commaMark + 1]int // where the decimal separator stands, read with a mark
}

type separator struct {
	kind byte // '.', ',', '\'' or ' ', whatever kind of apostrophe or blank
	at   int
}

// 1e15 has five groups of three digits; more is no value of an indicator.
const maxSeparators = 8

const (
	groupDigits = 3
	whole       = -1 // has no decimals
	unreadable  = -2
)

// parse takes a number apart: a sign, digits with an optional decimal
// mark, groups of thousands (comma, point, blank, apostrophe), an exponent; at
// its ends a currency sign or code and a per cent sign, which change nothing
// about the number. It goes on using text's memory.
func (n *numeral) parse(text []byte) bool {
	if n.parsePlain(text) {
		return true
	}
	text, negative, ok := bareNumber(text)
	if !ok {
		return false
	}
	*n = numeral{text: text, negative: negative}
	return n.scan() && n.choose()
}

// parsePlain is the quick way for what nearly all cells hold: digits and at
// most one point.
func (n *numeral) parsePlain(text []byte) bool {
	negative := len(text) > 0 && text[0] == '-'
	if negative {
		text = text[1:]
	}
	point := len(text)
	for i, b := range text {
		if b == '.' && point == len(text) {
			point = i
		} else if b < '0' || b > '9' {
			return false
		}
	}
	if point == len(text) {
		n.mark, n.decimal[pointMark], n.decimal[commaMark] = noMark, whole, whole
		n.separators = 0
	} else {
		if point <= groupDigits && len(text)-point-1 == groupDigits && point > 0 && text[0] != '0' || len(text) == 1 {
			return false
		}
		n.mark, n.decimal[pointMark], n.decimal[commaMark] = pointMark, point, unreadable
		n.separators = 1
	}
	n.text, n.negative, n.exponent = text, negative, len(text)
	return len(text) > 0
}

// scan counts the digits between separators.
func (n *numeral) scan() bool {
	n.exponent = len(n.text)
	for at := 0; at < len(n.text); {
		b := n.text[at]
		switch {
		case b >= '0' && b <= '9':
			n.digits[n.separators]++
			at++
			continue
		case (b == 'e' || b == 'E') && at > 0:
			n.exponent = at
			return isExponent(n.text[at+1:])
		}
		c, size := utf8.DecodeRune(n.text[at:])
		kind := separatorKind(c)
		if kind == 0 || n.separators == maxSeparators {
			return false
		}
		n.separator[n.separators] = separator{kind, at}
		n.separators++
		at += size
	}
	return true
}

func separatorKind(c rune) byte {
	switch c {
	case '.', ',', '\'':
		return byte(c)
	case '’':
		return '\''
	case ' ', '\u00a0', '\u202f', '\u2009', '\u2007':
		return ' '
	}
	return 0
}

func isExponent(text []byte) bool {
	if len(text) > 0 && (text[0] == '+' || text[0] == '-') {
		text = text[1:]
	}
	for _, b := range text {
		if b < '0' || b > '9' {
			return false
		}
	}
	return len(text) > 0
}

// choose finds with which decimal marks the number can be read.
func (n *numeral) choose() bool {
	n.decimal[pointMark], n.decimal[commaMark] = n.read('.'), n.read(',')
	point, comma := n.decimal[pointMark] != unreadable, n.decimal[commaMark] != unreadable
	switch {
	case point && comma && n.decimal[pointMark] == n.decimal[commaMark]:
		n.mark = noMark
	case point && comma:
		n.mark = eitherMark
	case point:
		n.mark = pointMark
	case comma:
		n.mark = commaMark
	default:
		return false
	}
	return true
}

// read is the place of the decimal separator, if decimal is the mark.
func (n *numeral) read(decimal byte) int {
	if n.separators == 0 {
		if n.digits[0] == 0 {
			return unreadable
		}
		return whole
	}
	last := n.separators - 1
	if n.separator[last].kind == decimal && n.digits[0]+n.digits[last+1] > 0 && n.grouped(last, decimal) {
		return n.separator[last].at
	}
	if n.exponent == len(n.text) && n.grouped(n.separators, decimal) {
		return whole
	}
	return unreadable
}

// grouped reports whether the first separators divide thousands.
func (n *numeral) grouped(separators int, decimal byte) bool {
	if separators == 0 {
		return true
	}
	if n.digits[0] == 0 || n.digits[0] > groupDigits || n.text[0] == '0' {
		return false
	}
	for i := range separators {
		if kind := n.separator[i].kind; kind != n.separator[0].kind || kind == decimal || n.digits[i+1] != groupDigits {
			return false
		}
	}
	return true
}

// value is the number read with a mark that it can be read with. Beyond
// float64 it is infinite.
func (n *numeral) value(m mark) float64 {
	text := n.text
	if n.separators > 1 || n.separators == 1 && (n.decimal[m] == whole || text[n.decimal[m]] != '.') {
		text = make([]byte, 0, len(n.text))
		for i, b := range n.text {
			switch {
			case i == n.decimal[m]:
				text = append(text, '.')
			case i >= n.exponent, b >= '0' && b <= '9':
				text = append(text, b)
			}
		}
	}
	v, _ := strconv.ParseFloat(asString(text), 64) // only its range can be wrong
	if n.negative {
		return 0 - v // never a negative zero
	}
	return v
}

// asString lends bytes to a function that keeps no string, without a copy:
// there is one such call for nearly every cell of a million rows.
func asString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// bareNumber is a number without its sign and what may stand at its ends.
func bareNumber(text []byte) (bare []byte, negative, ok bool) {
	text, negative, signed := cutSign(trim(text))
	text = trim(cutCurrency(text, true))
	if !signed {
		text, negative, _ = cutSign(text)
	}
	text = trim(bytes.TrimSuffix(text, []byte{'%'}))
	text = trim(cutCurrency(text, false))
	return text, negative, len(text) > 0
}

func cutSign(text []byte) (rest []byte, negative, signed bool) {
	if rest, ok := bytes.CutPrefix(text, minusSign); ok {
		return trim(rest), true, true
	}
	if len(text) == 0 || text[0] != '-' && text[0] != '+' {
		return text, false, false
	}
	return trim(text[1:]), text[0] == '-', true
}

// minusSign is that of Unicode, U+2212. A dash is none: it may mean a range.
var minusSign = []byte("−")

const currencyCode = len("USD")

// cutCurrency drops a currency's sign or ISO 4217 code at one end of a number.
func cutCurrency(text []byte, front bool) []byte {
	decode, rest := utf8.DecodeLastRune, func(n int) []byte { return text[:len(text)-n] }
	if front {
		decode, rest = utf8.DecodeRune, func(n int) []byte { return text[n:] }
	}
	if c, size := decode(text); unicode.Is(unicode.Sc, c) {
		return rest(size)
	}
	if len(text) <= currencyCode {
		return text
	}
	code := text[:currencyCode]
	if !front {
		code = text[len(text)-currencyCode:]
	}
	for _, b := range code {
		if b < 'A' || b > 'Z' {
			return text
		}
	}
	if _, err := currency.ParseISO(string(code)); err != nil {
		return text
	}
	return rest(currencyCode)
}
