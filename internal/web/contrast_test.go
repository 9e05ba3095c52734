package web_test

import (
	"context"
	"fmt"
	"math"
	"testing"
)

// rgb is a colour of screens, each part from 0 to 255.
type rgb [3]uint8

func hexColour(t *testing.T, text string) (c rgb) {
	t.Helper()
	if _, err := fmt.Sscanf(text, "#%02x%02x%02x", &c[0], &c[1], &c[2]); err != nil {
		t.Fatalf("%q is no colour: %v", text, err)
	}
	return c
}

// colour reads a colour as browsers compute it.
func colour(t *testing.T, text string) (c rgb) {
	t.Helper()
	if _, err := fmt.Sscanf(text, "rgb(%d, %d, %d)", &c[0], &c[1], &c[2]); err != nil {
		t.Fatalf("%q is no colour: %v", text, err)
	}
	return c
}

// luminance is the relative luminance of WCAG 2.2.
func (c rgb) luminance() float64 {
	var linear [3]float64
	for i, part := range c {
		v := float64(part) / 255
		if v <= 0.04045 {
			linear[i] = v / 12.92
		} else {
			linear[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*linear[0] + 0.7152*linear[1] + 0.0722*linear[2]
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b rgb) float64 {
	light, dark := max(a.luminance(), b.luminance()), min(a.luminance(), b.luminance())
	return (light + 0.05) / (dark + 0.05)
}

// checkContrast asks of every text 4.5 against what is behind it: success
// criterion 1.4.3 of WCAG 2.2.
func checkContrast(t *testing.T, tab context.Context) {
	t.Helper()
	type text struct{ Text, Ink, Paper string }
	texts := evaluate[[]text](t, tab, `(() => {
		const found = [];
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walker.nextNode()) {
			const node = walker.currentNode;
			if (!node.data.trim()) continue;
			let behind = node.parentElement;
			while (behind.parentElement && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
			found.push({Text: node.data.trim(), Ink: getComputedStyle(node.parentElement).color, Paper: getComputedStyle(behind).backgroundColor});
		}
		return found;
	})()`)
	if len(texts) == 0 {
		t.Error("the page has no text")
	}
	const enough = 4.5
	for _, text := range texts {
		if ratio := contrast(colour(t, text.Ink), colour(t, text.Paper)); ratio < enough {
			t.Errorf("the contrast of %q (%s on %s) is %.2f, below %v", text.Text, text.Ink, text.Paper, ratio, enough)
		}
	}
}

// checkFingers asks of everything that can be touched 24 pixels in height:
// success criterion 2.5.8 of WCAG 2.2.
func checkFingers(t *testing.T, tab context.Context) {
	t.Helper()
	type target struct {
		Text   string
		Height float64
	}
	targets := evaluate[[]target](t, tab, `(() => {
		for (const folded of document.querySelectorAll("details")) folded.open = true;
		return [...document.querySelectorAll("a, summary")].map(a => ({Text: a.innerText, Height: a.getBoundingClientRect().height}));
	})()`)
	if len(targets) == 0 {
		t.Error("nothing can be touched")
	}
	for _, target := range targets {
		if target.Height < 24 {
			t.Errorf("%q is %v pixels high", target.Text, target.Height)
		}
	}
}

func TestContrast(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		want       float64
	}{
		{"black on white", "#000000", "#ffffff", 21},
		{"a colour on itself", "#0072B2", "#0072B2", 1},
		{"the lightest grey that may be read on white", "#767676", "#ffffff", 4.54},
		{"one that may not", "#777777", "#ffffff", 4.48},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := hexColour(t, c.a), hexColour(t, c.b)
			if got := contrast(a, b); math.Abs(got-c.want) > 0.005 || contrast(b, a) != got {
				t.Errorf("contrast is %.3f, want %.2f", got, c.want)
			}
		})
	}
}
