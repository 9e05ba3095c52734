// Package intake reads the files that people upload: bytes in, observations
// and every problem in them out.
//
// It has three layers. A reader, of CSV or of workbooks, takes a file apart into
// records of cells with their positions; the layout says from the header which
// column is what, and hands on the cells of a table, with periods or indicators
// across, as records; the checker judges each record against the catalogue of
// cities and indicators. A reader for another kind of file needs the first layer
// only.
//
// It promises that nothing is lost in silence: every record that is not blank,
// and every cell of values of a table, is counted once, as taken, skipped (it has no value) or rejected (a problem
// says why). It holds one record at a time, so that memory does not grow with
// the number of rows; of a workbook also the file as it is packed, and the texts
// that its cells share. It does no input or output but reading its source, and
// knows nothing of what is stored already but the bounds that it is handed.
package intake
