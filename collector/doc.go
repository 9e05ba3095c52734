// Package collector pulls observations from where cities publish them.
//
// A [Kind] is one way of publishing: it turns a declared source into records,
// streamed, and is one file with its test. What is done with the records is the
// same for all: they are filtered, placed into periods of the city's time zone,
// aggregated where incidents are to become an indicator, and written as a file
// of observations, which is taken in like a file from an aide: with the same
// checks, the same report and the same record.
//
// It promises to be complete or to fail. Where fewer records came than were
// announced, a page came twice, a column went missing, a sign-in page came
// instead of data or the number of records fell to a fraction of the usual, the
// run ends with a [Failure] that names its reason, and nothing is applied. It
// never writes a secret anywhere, and reaches no address in a private network
// that it was not allowed to.
//
// A [Service] shares the work with others through the [Store]: each source is
// claimed with a lease, and one whose server died is taken over. Runs with little
// to take in are settled together, each as if it were by itself.
package collector
