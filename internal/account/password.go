package account

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of a password, in characters. There are no others: length is what
// counts (NIST SP 800-63B).
const (
	MinPassword = 12
	MaxPassword = 128
)

// composed is a password as it is hashed: in one form, however a keyboard
// composes its letters.
func composed(password string) string { return norm.NFC.String(password) }

// checkPassword says what is wrong with a new password, without repeating it.
func checkPassword(password string, a Account) error {
	password = composed(password)
	length := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return fmt.Errorf("%w: the password is no text in UTF-8", ErrInvalid)
	case length < MinPassword:
		return fmt.Errorf("%w: the password has %d characters: take at least %d, such as four words", ErrInvalid, length, MinPassword)
	case length > MaxPassword:
		return fmt.Errorf("%w: the password has %d characters: take at most %d", ErrInvalid, length, MaxPassword)
	case strings.EqualFold(password, a.Name):
		return fmt.Errorf("%w: the password is the account's name: take another", ErrInvalid)
	case strings.Count(password, password[:1]) == length:
		return fmt.Errorf("%w: the password is one character again and again: take another", ErrInvalid)
	}
	return nil
}
