package account

import (
	"context"
	"time"
)

// Actor is who does something.
type Actor struct {
	Account int64  // its number; 0 is nobody who signed in, such as an operator
	Name    string // the account's, or the operator's
	Token   int64  // by which they act; 0 is none
	Address string // from where; empty at the command line
}

type actorKey struct{}

// WithActor has what is done in a context be recorded as an actor's, where it
// is the store that records it: uploads.
func WithActor(ctx context.Context, by Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, by)
}

// Acting is who acts in a context, where [WithActor] said so.
func Acting(ctx context.Context) (Actor, bool) {
	by, ok := ctx.Value(actorKey{}).(Actor)
	return by, ok
}

// Action is what was done.
type Action string

// What is recorded.
const (
	SignedIn         Action = "sign-in"
	SignInFailed     Action = "sign-in-failed"
	SignedOut        Action = "sign-out"
	SignedOutAll     Action = "sign-out-everywhere"
	AccountAdded     Action = "account-added"
	AccountChanged   Action = "account-changed"
	AccountDisabled  Action = "account-disabled"
	AccountEnabled   Action = "account-enabled"
	PasswordChanged  Action = "password-changed"
	IdentityLinked   Action = "identity-linked"
	IdentityUnlinked Action = "identity-unlinked"
	TokenAdded       Action = "token-added"
	TokenRevoked     Action = "token-revoked"
	Uploaded         Action = "upload"
	UploadRefused    Action = "upload-refused"
	Previewed        Action = "preview"
	Committed        Action = "commit"
	Reverted         Action = "revert"
	Applied          Action = "apply"
)

// Entry is one line of the trail of who did what. Nothing of it is ever
// changed or removed.
type Entry struct {
	At      time.Time // the service's clock, where it is zero
	By      Actor
	Action  Action
	Subject string   // to what or to whom: an account's name, a token's number, a file's name
	Cities  []string // that it concerns
	Upload  int64    // 0 is none
}
