// Package web is citygauge's pages. They are written on the server, work
// without JavaScript, and say everything in words: colour only repeats it.
package web
