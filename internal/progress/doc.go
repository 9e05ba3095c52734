// Package progress is the judgement of citygauge: what of an indicator is
// compared with its target, where it should be by now, how fast it goes, how
// much of that is noise, and the one word that says how it stands.
//
// Everything here is a pure function of values and dates, so that a judgement
// can be repeated by anyone: nothing reads a clock, a file or a database. Every
// legal input has a status, and no result is ever infinite or not a number.
//
// [Resolve] turns a declared target into numbers, [Assess] judges it on a day,
// and [AssessYear] on every day that is kept. [Work] judges likewise and keeps
// the numbers on the way, for package explain. [XmR] is the chart that says
// whether something has changed.
//
// # Letters
//
// The comments use the letters of the design: t0 and t1 are the last days of
// the baseline's and the target's periods, b and T their values, s the day
// after which the year begins, W the N periods that end in (s, t1], of which k
// are observed with the sum S, and a the last day of the newest of these. M is
// the measure, x the trajectory at a, p and e the actual and the expected
// progress, v the noise of a period and q that of the measure.
//
// # Data's date
//
// A value counts for a day when its period ended on that day or before and it
// is final (or the indicator has provisional values judged). Judged is always
// as of a: while nothing arrives, a day that passes changes freshness alone,
// until the one after t1 asks for the verdict. Nothing later than the day is
// looked at, so a past day is judged by what had happened by then.
//
// # Missing values
//
// A figure that cannot be computed is unknown, never 0. In noise and in an XmR
// chart, neighbours are observed values next to each other, whether or not a
// period between them has none; a difference from one year before needs both. A target that waits for
// its automatic baseline is not [Resolved.Ready]: it may be assessed, and has
// no data yet.
//
// # Breaks
//
// Nothing is computed across a day on which an indicator's definition changed.
// A value belongs to the definition that held on its period's last day, and a
// judgement as of a uses only values since the newest break up to a: rolling
// years, the year before, noise, the best stretch and the points of an XmR chart
// end there. A break within
// the year leaves the measure undefined from then on, for the window itself
// would be split. An automatic baseline on the other side of a break is
// refused; one that is written down can be restated in the new definition, so
// it is believed, with a warning.
//
// # Tolerance
//
// Comparisons with a threshold allow 1e-9: absolutely for ratios, relatively
// to the numbers compared for values, so that the unit of a quantity never
// changes a status.
package progress
