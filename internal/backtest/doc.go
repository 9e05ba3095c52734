// Package backtest tries the forecasts of internal/progress on years that are
// over: from each of several days within the year, by what was known then, and
// against what came.
//
// It promises figures that can be repeated: it reads no clock, and what it
// simulates comes from fixed seeds. It judges forecasts and changes nothing in
// them.
//
// [Read] takes a city's observations, [Simulated] makes some up, [Try] makes
// the forecasts and [Report] says how good they were, beside what anyone could
// have said without them: that the year goes on as so far, that it will be as
// the last one, and that its periods are independent of each other.
package backtest
