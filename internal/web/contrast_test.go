package web_test

import (
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
func (b *tab) checkContrast(name string) {
	b.t.Helper()
	type text struct{ Text, Ink, Paper string }
	texts := evaluate[[]text](b, `(() => {
		const found = [];
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walker.nextNode()) {
			const node = walker.currentNode, of = node.parentElement;
			if (!node.data.trim() || ["title", "desc", "OPTION"].includes(of.tagName) || of.closest("[hidden]")) continue;
			let behind = of;
			while (behind.parentElement && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
			const style = getComputedStyle(of);
			found.push({Text: node.data.trim(), Ink: of.tagName === "text" ? style.fill : style.color, Paper: getComputedStyle(behind).backgroundColor});
		}
		return found;
	})()`)
	if len(texts) == 0 {
		b.t.Errorf("%s: the page has no text", name)
	}
	const enough = 4.5
	for _, text := range texts {
		if ratio := contrast(colour(b.t, text.Ink), colour(b.t, text.Paper)); ratio < enough {
			b.t.Errorf("%s: the contrast of %q (%s on %s) is %.2f, below %v", name, text.Text, text.Ink, text.Paper, ratio, enough)
		}
	}
}

// checkFingers asks of everything that can be touched 24 pixels in height:
// success criterion 2.5.8 of WCAG 2.2.
func (b *tab) checkFingers(name string) {
	b.t.Helper()
	type target struct {
		Text   string
		Height float64
	}
	targets := evaluate[[]target](b, `(() => {
		const folded = [...document.querySelectorAll("details:not([open])")];
		for (const one of folded) one.open = true;
		const found = [...document.querySelectorAll("a:not(.skip), summary, button, input:not([type=hidden]), select")].filter(a => !a.closest("[hidden]"))
			.map(a => ({Text: a.innerText || a.outerHTML, Height: a.getBoundingClientRect().height}));
		for (const one of folded) one.open = false;
		return found;
	})()`)
	if len(targets) == 0 {
		b.t.Errorf("%s: nothing can be touched", name)
	}
	for _, target := range targets {
		if target.Height < 24 {
			b.t.Errorf("%s: %q is %v pixels high", name, target.Text, target.Height)
		}
	}
}

// checkNames asks that everything has a name for those who do not see it, and
// every id one bearer: success criteria 1.1.1, 1.3.1 and 4.1.2 of WCAG 2.2.
func (b *tab) checkNames(name string) {
	b.t.Helper()
	for _, fault := range evaluate[[]string](b, `(() => {
		const faults = [];
		for (const field of document.querySelectorAll("input:not([type=hidden]):not([hidden]), select"))
			if (!field.labels.length) faults.push("no label: " + field.outerHTML);
		for (const image of document.querySelectorAll("svg"))
			if (image.getAttribute("aria-hidden") !== "true" && !image.closest("[aria-hidden=true]") && !image.querySelector("title")) faults.push("no title: " + image.outerHTML.slice(0, 80));
		for (const button of document.querySelectorAll("button, a, summary"))
			if (!(button.textContent.trim() || button.getAttribute("aria-label"))) faults.push("no name: " + button.outerHTML);
		for (const by of document.querySelectorAll("[aria-labelledby], [aria-describedby]"))
			for (const id of (by.getAttribute("aria-labelledby") || by.getAttribute("aria-describedby")).split(" "))
				if (!document.getElementById(id)) faults.push("no " + id);
		const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
		for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push("twice: " + id);
		if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
		return faults;
	})()`) {
		b.t.Errorf("%s: %s", name, fault)
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
