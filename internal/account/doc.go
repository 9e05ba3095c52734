// Package account says who may do what: accounts with a role and cities,
// sign-in by password or by an OpenID provider, tokens for scripts, and the
// trail of who did what.
//
// It promises that nobody learns from a refused sign-in whether an account
// exists: every refusal is [ErrDenied], after the same work. A password is kept
// as an argon2id hash and a token as a hash, so that neither can be read back.
// What an account may do is looked up for each request: one that is disabled is
// out at once, on every server.
//
// It does not speak HTTP to people; the pages and the API do. Attempts are
// counted in the memory of each server: several of them allow several times as
// many, which is still too few to guess a password of [MinPassword] characters.
package account
