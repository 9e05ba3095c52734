package backtest

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// The plot's measures, in pixels, and the shares at its edges.
const (
	plotWidth, plotLeft, plotTop, plotRow = 760, 240, 56, 26
	plotLow, plotHigh                     = 0.5, 1.0
)

// writePlot draws, as SVG, how often the intervals of each measure held: all of
// them, and by size and origin, over the ranges that they should be in.
func writePlot(to io.Writer, cases []Case) error {
	rows := rowsOf(cases)
	height := plotTop + plotRow*(len(rows)+1)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", plotWidth, height)
	fmt.Fprintln(&b, `<rect width="100%" height="100%" fill="#FFFFFF"/>`)
	fmt.Fprintf(&b, `<text x="8" y="18">Share of outcomes within the 80 %% interval: all (bar), years below %d (open) and from %d on (filled), by origin</text>`+"\n", LargeCount, LargeCount)
	for _, band := range []struct {
		low, high float64
		colour    string
	}{{0.68, 0.92, "#F0F0F0"}, {0.75, 0.85, "#DCE9F2"}} {
		fmt.Fprintf(&b, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`+"\n",
			across(band.low), plotTop-16, across(band.high)-across(band.low), height-plotTop, band.colour)
	}
	for share := plotLow; share <= plotHigh+1e-9; share += 0.1 {
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle" fill="#5C5C5C">%.0f %%</text>`+"\n", across(share), plotTop-20, hundred*share)
	}
	for n, r := range rows {
		y := plotTop + plotRow*n
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", plotLeft-12, y+4, escape(r.name))
		for _, large := range []bool{false, true} {
			fill := "#FFFFFF"
			if large {
				fill = "#0072B2"
			}
			for o := range origins {
				s := ScoreOf(cases, func(c Case) bool { return r.choose(c) && c.Large == large && c.Origin == o })
				if s.N > 0 {
					fmt.Fprintf(&b, `<circle cx="%.1f" cy="%d" r="4" fill="%s" stroke="#0072B2"/>`+"\n", across(s.Coverage), y, fill)
				}
			}
		}
		fmt.Fprintf(&b, `<rect x="%.1f" y="%d" width="3" height="18" fill="#B84F00"/>`+"\n", across(ScoreOf(cases, r.choose).Coverage)-1.5, y-9)
	}
	fmt.Fprintln(&b, "</svg>")
	_, err := io.WriteString(to, b.String())
	return err
}

// across is where a share is drawn.
func across(share float64) float64 {
	part := (max(share, plotLow) - plotLow) / (plotHigh - plotLow)
	return plotLeft + part*(plotWidth-plotLeft-40)
}

func escape(text string) string {
	var b strings.Builder
	// A strings.Builder takes everything.
	_ = xml.EscapeText(&b, []byte(text))
	return b.String()
}
