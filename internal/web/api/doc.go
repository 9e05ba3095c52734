// Package api is citygauge's JSON API below /api/v1/: files of observations go
// in, and what is known of cities comes out, a page at a time, as JSON or CSV.
//
// A script shows a token, a page of the site its session. What an account may
// not see is answered exactly as what does not exist. Every refusal is a
// problem of RFC 9457. The folder openapi describes all of it, and tests hold
// every answer to it.
package api
