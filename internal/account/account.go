package account

import (
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/citygauge/citygauge/internal/upload"
)

// Role is what an account may do.
type Role string

// Mayors see their cities, and aides write them; faculty sees every city, and
// an admin writes them all.
const (
	Mayor   Role = "mayor"
	Aide    Role = "aide"
	Faculty Role = "faculty"
	Admin   Role = "admin"
)

// Roles are all roles.
func Roles() []Role { return []Role{Mayor, Aide, Faculty, Admin} }

// OfCities reports whether the role is held in named cities.
func (r Role) OfCities() bool { return r == Mayor || r == Aide }

// Account is somebody who may sign in.
type Account struct {
	ID       int64
	Name     string // what one signs in with: an e-mail address, as [Name] spells it
	Title    string // how the pages call them; may be empty
	Role     Role
	Cities   []string // of a mayor or an aide, by slug and in order
	Disabled bool

	Password string   `json:"-"` // its hash; empty where one signs in elsewhere alone
	Identity Identity // at the OpenID provider; zero before its first use
	Epoch    int64    // sessions of an earlier one are over
	Created  time.Time
	SignedIn time.Time // last; zero is never

	// Token is by what the account acts; nil is a session.
	Token *Token
}

// Identity is who somebody is at an OpenID provider. An e-mail address may
// change its owner; this does not.
type Identity struct {
	Issuer, Subject string
}

// Sees reports whether the account may see a city.
func (a Account) Sees(city string) bool { return within(a.ReadScope(), city) }

// Writes reports whether the account may change a city's data.
func (a Account) Writes(city string) bool { return within(a.WriteScope(), city) }

func within(scope upload.Scope, city string) bool {
	return scope == nil || slices.Contains(scope, city)
}

// ReadScope is the cities that the account may see; nil is all, and an empty
// one is none.
func (a Account) ReadScope() upload.Scope {
	switch {
	case a.Disabled:
		return upload.Scope{}
	case a.Role == Faculty || a.Role == Admin:
		return a.narrowed(nil)
	case a.Role.OfCities():
		return a.narrowed(append(upload.Scope{}, a.Cities...))
	}
	return upload.Scope{}
}

// WriteScope is the cities whose data the account may change; nil is all, and
// an empty one is none.
func (a Account) WriteScope() upload.Scope {
	if a.Role != Aide && a.Role != Admin || a.Token != nil && a.Token.ReadOnly {
		return upload.Scope{}
	}
	return a.ReadScope()
}

// narrowed is what a token leaves of a scope.
func (a Account) narrowed(scope upload.Scope) upload.Scope {
	switch {
	case a.Token == nil || a.Token.Cities == nil:
		return scope
	case scope == nil:
		return append(upload.Scope{}, a.Token.Cities...)
	}
	return slices.DeleteFunc(scope, func(city string) bool { return !slices.Contains(a.Token.Cities, city) })
}

// At is the account as who does something, from an address.
func (a Account) At(address string) Actor {
	actor := Actor{Account: a.ID, Name: a.Name, Address: address}
	if a.Token != nil {
		actor.Token = a.Token.ID
	}
	return actor
}

// check says what is wrong with an account that somebody wants to have.
func (a Account) check() error {
	switch {
	case !slices.Contains(Roles(), a.Role):
		return fmt.Errorf("%w: role %q: it is mayor, aide, faculty or admin", ErrInvalid, a.Role)
	case a.Role.OfCities() && len(a.Cities) == 0:
		return fmt.Errorf("%w: the role %s is held in cities: name at least one", ErrInvalid, a.Role)
	case !a.Role.OfCities() && len(a.Cities) > 0:
		return fmt.Errorf("%w: the role %s is for every city: name none", ErrInvalid, a.Role)
	case len(a.Title) > maxText:
		return fmt.Errorf("%w: the title has over %d bytes", ErrInvalid, maxText)
	}
	return nil
}

const (
	maxName = 254 // bytes of an e-mail address (RFC 5321)
	maxText = 200 // bytes of what people write beside
)

// Errors of what was asked for.
var (
	ErrInvalid   = errors.New("this cannot be")
	ErrExists    = errors.New("there is such an account already")
	ErrNoAccount = errors.New("there is no such account")
	ErrNoToken   = errors.New("there is no such token")
	ErrNoCity    = errors.New("there is no such city")
)

// Name is an e-mail address as accounts are named by it: composed (NFC) and
// with A to Z in lower case. Other letters are told apart, so that no two
// addresses of different people become one.
func Name(address string) (string, error) {
	name := norm.NFC.String(strings.TrimSpace(address))
	name = strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r - 'A' + 'a'
		}
		return r
	}, name)
	parsed, err := mail.ParseAddress(name)
	if err != nil || parsed.Address != name || parsed.Name != "" || len(name) > maxName || strings.ContainsAny(name, "\"\x00") {
		return "", fmt.Errorf("%w: %q is no e-mail address, which accounts are named by", ErrInvalid, address)
	}
	return name, nil
}
