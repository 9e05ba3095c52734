// Package chart draws one target's year as an SVG image, on the server: what is
// compared with the target, the way it should go, the target itself, where it
// began, what is foreseen and what the city tried. Colours and widths are left
// to a style sheet, words and numbers to the caller.
//
// It is a pure function of what it is given, and what it writes has no style or
// script in it.
package chart
