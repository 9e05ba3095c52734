package intake

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestNumerals(t *testing.T) {
	cases := map[string]struct {
		mark         mark
		point, comma float64 // NaN: not a number with this mark
	}{
		"12":                  {noMark, 12, 12},
		"-12":                 {noMark, -12, -12},
		"+12":                 {noMark, 12, 12},
		"0":                   {noMark, 0, 0},
		"12.5":                {pointMark, 12.5, math.NaN()},
		"12,5":                {commaMark, math.NaN(), 12.5},
		".5":                  {pointMark, .5, math.NaN()},
		"5.":                  {pointMark, 5, math.NaN()},
		",5":                  {commaMark, math.NaN(), .5},
		"0.123":               {pointMark, .123, math.NaN()},
		"0,123":               {commaMark, math.NaN(), .123},
		"1234.567":            {pointMark, 1234.567, math.NaN()},
		"1.2345":              {pointMark, 1.2345, math.NaN()},
		"1.234":               {eitherMark, 1.234, 1234},
		"1,234":               {eitherMark, 1234, 1.234},
		"-123.456":            {eitherMark, -123.456, -123456},
		"1,234,567":           {pointMark, 1234567, math.NaN()},
		"1.234.567":           {commaMark, math.NaN(), 1234567},
		"1,234.5":             {pointMark, 1234.5, math.NaN()},
		"1.234,5":             {commaMark, math.NaN(), 1234.5},
		"1 234":               {noMark, 1234, 1234},
		"1 234,567":           {commaMark, math.NaN(), 1234.567},
		"1\u00a0234\u00a0567": {noMark, 1234567, 1234567},
		"1\u202f234.5":        {pointMark, 1234.5, math.NaN()},
		"1'234":               {noMark, 1234, 1234},
		"1’234.50":            {pointMark, 1234.5, math.NaN()},
		"1e3":                 {noMark, 1000, 1000},
		"1.234e3":             {pointMark, 1234, math.NaN()},
		"1,234E-3":            {commaMark, math.NaN(), .001234},
		"12.5%":               {pointMark, 12.5, math.NaN()},
		"12 %":                {noMark, 12, 12},
		"$1,234.50":           {pointMark, 1234.5, math.NaN()},
		"-$5":                 {noMark, -5, -5},
		"€ -5":                {noMark, -5, -5},
		"1.234,50 €":          {commaMark, math.NaN(), 1234.5},
		"−5":                  {noMark, -5, -5},
		"$ −1\u202f234,5":     {commaMark, math.NaN(), -1234.5},
		"USD 12":              {noMark, 12, 12},
		"12EUR":               {noMark, 12, 12},
		"9007199254740993":    {noMark, 9007199254740992, 9007199254740992},
		"1e999":               {noMark, math.Inf(1), math.Inf(1)},
	}
	for text, c := range cases {
		t.Run(text, func(t *testing.T) {
			var n numeral
			if !n.parse([]byte(text)) {
				t.Fatal("refused")
			}
			if n.mark != c.mark {
				t.Errorf("mark %d, want %d", n.mark, c.mark)
			}
			for m, want := range map[mark]float64{pointMark: c.point, commaMark: c.comma} {
				if readable := n.decimal[m] != unreadable; readable == math.IsNaN(want) {
					t.Errorf("with mark %d readable: %v", m, readable)
				} else if readable && n.value(m) != want {
					t.Errorf("with mark %d %v, want %v", m, n.value(m), want)
				}
			}
		})
	}
}

func TestNoNumerals(t *testing.T) {
	for _, text := range []string{
		"", "-", ".", ",", "--1", "1-", "x", "12 people", "0x10", "1_000", "1..2", "1,2,3", "1,23,456", "1234,567,890", "0,123,456",
		"1,234 567", "1.234.56", "1,234.567.8", "1e", "e5", "1e5.5", "$", "%", "%5", "5%%", "$5$$", "12 XYZ", "12 eur", "(5)", "1/2",
		"1,234,567e3", "1 2 3 4 5 6 7 8 9 0", "NaN", "inf", "１２",
	} {
		t.Run(text, func(t *testing.T) {
			var n numeral
			if n.parse([]byte(text)) {
				t.Errorf("read as %v or %v", n.value(pointMark), n.value(commaMark))
			}
		})
	}
}

// TestNumeralsComeBack has every number, as an export writes it, read with a
// point to the same bits.
func TestNumeralsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64().Draw(t, "v")
		format := rapid.SampledFrom([]byte{'f', 'g'}).Draw(t, "format")
		var n numeral
		text := strconv.FormatFloat(v, format, -1, 64)
		if !n.parse([]byte(text)) {
			t.Fatalf("%s is refused", text)
		}
		if n.mark == commaMark || n.value(pointMark) != v {
			t.Fatalf("%s has mark %d and reads %v", text, n.mark, n.value(pointMark))
		}
	})
}

func TestSettledDecimals(t *testing.T) {
	const none = 0
	cases := map[string]struct {
		marks marks
		want  mark
	}{
		"nothing": {marks{none, none}, eitherMark},
		"points":  {marks{3, none}, pointMark},
		"commas":  {marks{none, 3}, commaMark},
		"both":    {marks{3, 4}, eitherMark},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := c.marks.settles(); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}
