// Package declare reads what a programme office writes, a programme.yaml or a
// folder of CSV files, into a [programme.Programme], and says what applying it
// would change.
//
// Everything that is wrong is reported at once, each thing with its file and
// line; what merely follows from something that could not be read is not. A
// declaration with an error is refused as a whole. Nothing here knows a
// database: what stands is handed in.
//
// # What may be written
//
// Lists of cohorts, cities, indicators, targets and interventions, at the top
// level of the YAML or nested in what they belong to; the CSV files cohorts,
// cities, indicators, targets and interventions say the same. Sources are
// written in YAML alone. Files may be given together, and a folder may hold both
// kinds.
//
// Values are taken by their text, so that quotes never matter: a cohort 2026
// and a country NO are what they look like. A list (cohorts, breaks,
// indicators, milestones) may also be one text, its items separated by spaces,
// commas, semicolons or bars, as a cell of a CSV file has it; a milestone in
// such a text is 2026-06-30=110.
//
// The city * means every city of the programme; for a target, every city of
// its cohort that has the indicator; for an intervention, every city that has
// all of the indicators it names. What is declared for a city by name wins
// over what * says of it.
//
// Defaults: lens outcome, kind quantity, measure latest, due_days 30, decimals
// 0 for a count and 1 for a quantity. Where there is one cohort, a target that
// names none is for it, and a city without a list of cohorts (or a CSV file
// without that column) is in it; an empty list, or an empty cell in the column,
// is no cohort.
package declare
