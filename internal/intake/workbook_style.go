package intake

import "strings"

// style is what a cell's format says of its number.
type style uint8

const (
	plainStyle   style = iota
	percentStyle       // 0.12 is shown, and meant, as 12%
	dayStyle           // a date with its day
	monthStyle         // a date of which year and month are shown
	yearStyle          // a date of which the year is shown
	timeStyle          // a time of day, or a span of time
)

// mostStyles is how many formats a workbook may have; Excel has 65,490.
const mostStyles = 100_000

func (w *workbook) readStyles(part string) error {
	custom := map[int]style{}
	inCells := false
	return w.each(part, func(x *xmlReader) error {
		switch {
		case x.start == "numFmt" && len(custom) < mostStyles:
			custom[x.number("numFmtId")] = styleOf(x.attribute("formatCode"))
		case x.start == "cellXfs", x.end == "cellXfs":
			inCells = x.start != ""
		case x.start == "xf" && inCells && len(w.styles) < mostStyles:
			id := x.number("numFmtId")
			s, ok := custom[id]
			if !ok {
				s = builtInStyle(id)
			}
			w.styles = append(w.styles, s)
		}
		return nil
	})
}

// builtInStyle is that of a format which needs no declaration (ECMA-376 part 1,
// 18.8.30).
func builtInStyle(id int) style {
	switch {
	case id == 9, id == 10:
		return percentStyle
	case id == 17, id == 55:
		return monthStyle
	case id >= 14 && id <= 16, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id >= 56 && id <= 58:
		return dayStyle
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47:
		return timeStyle
	}
	return plainStyle
}

// styleOf reads the code of a format, such as [$-409]mmm\-yy;@.
func styleOf(code string) style {
	letters := formatLetters(code)
	has := func(some string) bool { return strings.ContainsAny(letters, some) }
	switch {
	case letters == "general":
		return plainStyle
	case has("%"):
		return percentStyle
	case has("d"):
		return dayStyle
	case has("ygb"), has("m") && !has("hs"):
		if has("m") {
			return monthStyle
		}
		return yearStyle
	case has("hs"):
		return timeStyle
	}
	return plainStyle
}

// formatLetters are those of a format's first section that stand for a part of
// the number, in lower case; [h], a span of time, is h.
func formatLetters(code string) string {
	var letters strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			i = len(code)
		case '\\', '_', '*':
			i++
		case '"', '[':
			end := strings.IndexByte(code[i+1:], map[byte]byte{'"': '"', '[': ']'}[c])
			if end < 0 {
				end = len(code) - i - 1
			}
			if inside := strings.ToLower(code[i+1 : i+1+end]); c == '[' && strings.Trim(inside, "hms") == "" && inside != "" {
				letters.WriteByte('h')
			}
			i += 1 + end
		default:
			letters.WriteByte(c)
		}
	}
	return strings.NewReplacer("am/pm", "h", "a/p", "h", "e+", "", "e-", "").Replace(strings.ToLower(letters.String()))
}
