// Package export writes observations and assessments in the formats that others
// read: CSV with a header, or a JSON array of objects with the same names. The
// columns are stable; new ones are added at the end. What is not known is an
// empty cell in CSV and null in JSON.
//
// It writes the same as history in OpenMetrics text, for Prometheus to take in
// afterwards. What is not known is left out there.
package export
