// Package upload is the one use case of taking data in: the command line, the
// pages and the collectors all come through [Service].
//
// A file is taken in whole or not at all. Every problem in it is reported; what
// changed is answered with old and new values and with the statuses that
// changed. The file is kept as it was received, byte for byte, beside its
// report, also where it was refused.
//
// A preview is the import itself, but for the writing: its token commits
// precisely what it showed, or nothing. A revert restores what stood before an upload. A key
// lets a sender try again without knowing whether the first try came through.
// Small files of senders who may write one city, such as sources, can share a
// transaction; each comes to what it comes to alone.
package upload
