// Package words is what the pages say, in every language that they speak: one
// file for each, named by its tag, in which every text has a key. It also
// writes numbers, dates and periods the way a language does.
//
// A new language is a new file. A text that a language leaves out is said in
// English, and a test of the package lists what is left out.
package words
