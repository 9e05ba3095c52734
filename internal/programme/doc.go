// Package programme holds the nouns of citygauge: programmes, cohorts, cities,
// indicators, targets, periods and observations, with the rules that each of
// them must obey on its own and together.
//
// It does no input or output, knows no database and no file format, and
// imports nothing but the standard library. What is wrong with a value is
// returned as [Fault] values, all of them at once, in words meant for the
// person who wrote it.
package programme
