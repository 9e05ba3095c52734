package web

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/web/words"
)

// The one scale on which paces are compared: from so far away from the target
// to so far ahead of the way. What is beyond is drawn at the end, as an arrow.
const (
	paceLow, paceHigh       = -1.0, 2.0
	paceWide, paceHeight    = 300.0, 28.0
	paceMiddle, paceMargin  = paceHeight / 2, 8.0
	paceSlipping, paceGoing = 0.60, 0.95 // the cut points of the statuses
)

func paceX(pace float64) float64 {
	return paceMargin + (paceWide-2*paceMargin)*(min(max(pace, paceLow), paceHigh)-paceLow)/(paceHigh-paceLow)
}

// paceLine is a pace with its 80 % interval on the scale.
func paceLine(w *words.Language, a progress.Assessment) template.HTML {
	var d strings.Builder
	said := w.Say("compare.unknown")
	if a.Pace.Known {
		said = w.Say("compare.pace", "pace", w.Number(a.Pace.Number, 2), "low", w.Number(a.PaceLower.Number, 2), "high", w.Number(a.PaceUpper.Number, 2))
	}
	fmt.Fprintf(&d, `<svg class="pace %s" viewBox="0 0 %g %g" role="img"><title>%s</title>`, a.Status, paceWide, paceHeight, template.HTMLEscapeString(said))
	fmt.Fprintf(&d, `<line class="scale" x1="%g" x2="%g" y1="%g" y2="%[3]g"/>`, paceMargin, paceWide-paceMargin, paceMiddle)
	for _, at := range []float64{0, paceSlipping, paceGoing} {
		fmt.Fprintf(&d, `<line class="cut" x1="%.1f" x2="%.1[1]f" y1="3" y2="%g"/>`, paceX(at), paceHeight-3)
	}
	if a.Pace.Known {
		fmt.Fprintf(&d, `<line class="interval" x1="%.1f" x2="%.1f" y1="%g" y2="%[3]g"/>`, paceX(a.PaceLower.Number), paceX(a.PaceUpper.Number), paceMiddle)
		d.WriteString(paceMark(a.Pace.Number))
	}
	d.WriteString(`</svg>`)
	return template.HTML(d.String()) //nolint:gosec // every text in it is escaped
}

// paceMark is a dot, or an arrow where the pace is beyond the scale.
func paceMark(pace float64) string {
	x := paceX(pace)
	switch {
	case pace > paceHigh:
		return fmt.Sprintf(`<path class="at" d="M%.1f %g l-9 -6 v12 z"/>`, x+5, paceMiddle)
	case pace < paceLow:
		return fmt.Sprintf(`<path class="at" d="M%.1f %g l9 -6 v12 z"/>`, x-5, paceMiddle)
	}
	return fmt.Sprintf(`<circle class="at" cx="%.1f" cy="%g" r="6"/>`, x, paceMiddle)
}

// paceAxis is the scale with its numbers.
func paceAxis(w *words.Language) template.HTML {
	var d strings.Builder
	fmt.Fprintf(&d, `<svg class="pace axis" viewBox="0 0 %g 18" aria-hidden="true">`, paceWide)
	for _, at := range []float64{paceLow, 0, paceSlipping, paceGoing, paceHigh} {
		decimals := 0
		if at == paceSlipping || at == paceGoing {
			decimals = 2
		}
		anchor := "middle"
		if at == paceGoing {
			anchor = "start"
		}
		fmt.Fprintf(&d, `<text x="%.1f" y="13" text-anchor="%s">%s</text>`, paceX(at), anchor, w.Number(at, decimals))
	}
	d.WriteString(`</svg>`)
	return template.HTML(d.String()) //nolint:gosec // numbers alone
}
