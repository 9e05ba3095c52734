package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/account"
)

type tokenCommand struct {
	Add    tokenAdd    `cmd:"" help:"Make a token for an account's scripts, and print it once."`
	List   tokenList   `cmd:"" help:"List the tokens."`
	Revoke tokenRevoke `cmd:"" help:"End a token at once."`
}

type tokenAdd struct {
	Account  string   `arg:"" help:"The account whose rights it has."`
	Title    string   `required:"" placeholder:"TEXT" help:"What it is for."`
	ReadOnly bool     `name:"read-only" help:"It may change nothing."`
	City     []string `placeholder:"CITY" help:"It is for this one of the account's cities alone; may be repeated."`
	Days     int      `default:"90" placeholder:"DAYS" help:"How long it is valid: 1 to 366 days (default 90)."`
	JSON     bool     `name:"json" help:"Print JSON."`
}

// Run makes the token.
func (c *tokenAdd) Run(ctx context.Context, g *Global, std streams) error {
	return g.withAccount(ctx, c.Account, func(s *account.Service, by account.Actor, a account.Account) error {
		t, text, err := s.AddToken(ctx, by, a.ID, account.NewToken{Title: c.Title, ReadOnly: c.ReadOnly, Cities: c.City, Days: c.Days})
		if err != nil {
			return err
		}
		fmt.Fprintf(std.err, "Token %d of %s is valid until %s. It is shown only now:\n", t.ID, a.Name, shortTime(t.Expires))
		if c.JSON {
			listed := tokenJSON(t)
			listed.Token = text
			return printJSON(std.out, listed)
		}
		_, err = fmt.Fprintln(std.out, text)
		return err
	})
}

type tokenList struct {
	Account string `arg:"" optional:"" help:"Only this account's."`
	JSON    bool   `name:"json" help:"Print a JSON object for each token."`
}

// Run lists tokens, the newest first.
func (c *tokenList) Run(ctx context.Context, g *Global, std streams) error {
	if c.Account == "" {
		return g.withAccounts(ctx, func(s *account.Service, _ account.Actor) error { return c.list(ctx, g, std, s, 0) })
	}
	return g.withAccount(ctx, c.Account, func(s *account.Service, _ account.Actor, a account.Account) error {
		return c.list(ctx, g, std, s, a.ID)
	})
}

func (c *tokenList) list(ctx context.Context, g *Global, std streams, s *account.Service, id int64) error {
	tokens, err := s.Tokens(ctx, id)
	if err != nil {
		return err
	}
	if c.JSON {
		for _, t := range tokens {
			if err := printJSON(std.out, tokenJSON(t)); err != nil {
				return err
			}
		}
		return nil
	}
	if len(tokens) == 0 {
		fmt.Fprintln(std.err, "There are no tokens.")
		return nil
	}
	return table(std.out, func(row func(...string)) {
		row("TOKEN", "ACCOUNT", "FOR", "MAY", "UNTIL", "LAST USED", "STATE")
		for _, t := range tokens {
			row(strconv.FormatInt(t.ID, 10), t.Account, t.Title, tokenMay(t), shortTime(t.Expires), shortTime(t.Used), tokenState(t, g.now()))
		}
	})
}

func tokenMay(t account.Token) string {
	may := "all its account may"
	if t.ReadOnly {
		may = "read"
	}
	if t.Cities != nil {
		may += ": " + strings.Join(t.Cities, " ")
	}
	return may
}

func tokenState(t account.Token, now time.Time) string {
	switch {
	case !t.Revoked.IsZero():
		return "revoked"
	case !t.Valid(now):
		return "expired"
	}
	return ""
}

// listedToken is a token as programs read it.
type listedToken struct {
	ID       int64      `json:"id"`
	Account  string     `json:"account"`
	Title    string     `json:"title"`
	ReadOnly bool       `json:"read_only"`
	Cities   []string   `json:"cities"` // null is all of the account's
	Created  *time.Time `json:"created"`
	Expires  *time.Time `json:"expires"`
	Used     *time.Time `json:"used,omitempty"`
	Revoked  *time.Time `json:"revoked,omitempty"`
	Token    string     `json:"token,omitempty"` // that was just made
}

func tokenJSON(t account.Token) listedToken {
	return listedToken{t.ID, t.Account, t.Title, t.ReadOnly, t.Cities, orNil(t.Created), orNil(t.Expires), orNil(t.Used), orNil(t.Revoked), ""}
}

type tokenRevoke struct {
	Token int64 `arg:"" help:"Its number, as citygauge token list has it."`
}

// Run revokes the token.
func (c *tokenRevoke) Run(ctx context.Context, g *Global, std streams) error {
	return g.withAccounts(ctx, func(s *account.Service, by account.Actor) error {
		err := s.RevokeToken(ctx, by, 0, c.Token)
		if errors.Is(err, account.ErrNoToken) {
			return fmt.Errorf("%w that is good, with the number %d: citygauge token list has them all", err, c.Token)
		}
		if err == nil {
			fmt.Fprintf(std.err, "Token %d is revoked.\n", c.Token)
		}
		return err
	})
}
