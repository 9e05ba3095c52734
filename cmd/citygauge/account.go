package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/citygauge/citygauge/internal/account"
)

type accountCommand struct {
	Add      accountAdd      `cmd:"" help:"Make an account."`
	List     accountList     `cmd:"" help:"List the accounts."`
	Change   accountChange   `cmd:"" help:"Change an account's role, cities or title."`
	Password accountPassword `cmd:"" help:"Give an account a new password, and end its sessions."`
	Disable  accountDisable  `cmd:"" help:"Keep an account out at once, its tokens too."`
	Enable   accountEnable   `cmd:"" help:"Let a disabled account in again."`
	Unlink   accountUnlink   `cmd:"" help:"Forget who an account is at the OpenID provider."`
}

// accounts is the service over the open database, and the account that a name
// stands for, where one is given.
func (g *Global) accounts(d *database) *account.Service {
	return account.NewService(d.Store, account.Options{Now: g.now, Log: g.log})
}

// withAccounts opens the database for something that is done with its accounts
// by an operator. What cannot be is a mistake in the command.
func (g *Global) withAccounts(ctx context.Context, do func(*account.Service, account.Actor) error) error {
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	err = do(g.accounts(d), account.Actor{Name: operator()})
	switch {
	case errors.Is(err, account.ErrExists):
		err = fmt.Errorf("%w: citygauge account change, password and enable change it", err)
	case errors.Is(err, account.ErrNoCity):
		err = fmt.Errorf("%w: correct the name, or declare the city with citygauge apply", err)
	}
	for _, mistake := range []error{account.ErrInvalid, account.ErrExists, account.ErrNoAccount, account.ErrNoToken, account.ErrNoCity} {
		if errors.Is(err, mistake) {
			return usageError{err}
		}
	}
	return err
}

// withAccount does something with the account of a name.
func (g *Global) withAccount(ctx context.Context, name string, do func(*account.Service, account.Actor, account.Account) error) error {
	return g.withAccounts(ctx, func(s *account.Service, by account.Actor) error {
		a, err := s.Named(ctx, name)
		if errors.Is(err, account.ErrNoAccount) {
			return fmt.Errorf("%w as %s: citygauge account list has them all", account.ErrNoAccount, name)
		}
		if err != nil {
			return err
		}
		return do(s, by, a)
	})
}

type accountAdd struct {
	Name  string   `arg:"" help:"The e-mail address that they sign in with."`
	Role  string   `required:"" enum:"mayor,aide,faculty,admin" placeholder:"ROLE" help:"mayor (sees own cities), aide (writes them), faculty (sees all) or admin (writes all)."`
	City  []string `placeholder:"CITY" help:"A city of a mayor or an aide; may be repeated."`
	Title string   `placeholder:"TEXT" help:"How pages call them."`
	passwordFlags
	NoPassword bool `name:"no-password" xor:"password" help:"They sign in at the OpenID provider alone."`
	JSON       bool `name:"json" help:"Print JSON."`
}

// Run makes the account.
func (c *accountAdd) Run(ctx context.Context, g *Global, std streams) error {
	var password string
	if !c.NoPassword {
		var err error
		if password, err = c.password(std); err != nil {
			return err
		}
	}
	return g.withAccounts(ctx, func(s *account.Service, by account.Actor) error {
		a, err := s.Add(ctx, by, account.Account{Name: c.Name, Title: c.Title, Role: account.Role(c.Role), Cities: c.City}, password)
		if err != nil {
			return err
		}
		fmt.Fprintf(std.err, "Added %s.\n", described(a))
		if c.JSON {
			return printJSON(std.out, accountJSON(a, c.shown(password)))
		}
		return c.show(std, password)
	})
}

// described is an account in words.
func described(a account.Account) string {
	text := a.Name + " as " + string(a.Role)
	if len(a.Cities) > 0 {
		text += " of " + strings.Join(a.Cities, ", ")
	}
	return text
}

type accountChange struct {
	Name  string   `arg:"" help:"The account."`
	Role  *string  `enum:"mayor,aide,faculty,admin" placeholder:"ROLE" help:"mayor, aide, faculty or admin."`
	City  []string `placeholder:"CITY" help:"The cities of a mayor or an aide, instead of those they had; may be repeated."`
	Title *string  `placeholder:"TEXT" help:"How pages call them."`
}

// Run changes the account, from the next request on.
func (c *accountChange) Run(ctx context.Context, g *Global, std streams) error {
	edit := account.Edit{Title: c.Title}
	if c.Role != nil {
		edit.Role = new(account.Role(*c.Role))
	}
	if c.City != nil {
		edit.Cities = &c.City
	}
	if edit == (account.Edit{}) {
		return usage("say what to change: --role, --city or --title")
	}
	return g.withAccount(ctx, c.Name, func(s *account.Service, by account.Actor, a account.Account) error {
		a, err := s.Edit(ctx, by, a.ID, edit)
		if err == nil {
			fmt.Fprintf(std.err, "Changed %s.\n", described(a))
		}
		return err
	})
}

type accountPassword struct {
	Name string `arg:"" help:"The account."`
	passwordFlags
}

// Run sets the password.
func (c *accountPassword) Run(ctx context.Context, g *Global, std streams) error {
	password, err := c.password(std)
	if err != nil {
		return err
	}
	return g.withAccount(ctx, c.Name, func(s *account.Service, by account.Actor, a account.Account) error {
		if err := s.SetPassword(ctx, by, a.ID, password); err != nil {
			return err
		}
		fmt.Fprintf(std.err, "%s has a new password, and is signed out everywhere.\n", a.Name)
		return c.show(std, password)
	})
}

type accountDisable struct {
	Name string `arg:"" help:"The account."`
}

// Run keeps the account out.
func (c *accountDisable) Run(ctx context.Context, g *Global, std streams) error {
	return g.withAccount(ctx, c.Name, func(s *account.Service, by account.Actor, a account.Account) error {
		if err := s.SetDisabled(ctx, by, a.ID, true); err != nil {
			return err
		}
		fmt.Fprintf(std.err, "%s is out, and so are its tokens.\n", a.Name)
		return nil
	})
}

type accountEnable struct {
	Name string `arg:"" help:"The account."`
}

// Run lets the account in again.
func (c *accountEnable) Run(ctx context.Context, g *Global, std streams) error {
	return g.withAccount(ctx, c.Name, func(s *account.Service, by account.Actor, a account.Account) error {
		if err := s.SetDisabled(ctx, by, a.ID, false); err != nil {
			return err
		}
		fmt.Fprintf(std.err, "%s may sign in again; its tokens that are not revoked or expired are good again.\n", a.Name)
		return nil
	})
}

type accountUnlink struct {
	Name string `arg:"" help:"The account."`
}

// Run forgets who the account is elsewhere.
func (c *accountUnlink) Run(ctx context.Context, g *Global, std streams) error {
	return g.withAccount(ctx, c.Name, func(s *account.Service, by account.Actor, a account.Account) error {
		if err := s.Unlink(ctx, by, a.ID); err != nil {
			return err
		}
		fmt.Fprintf(std.err, "The next sign-in at the OpenID provider with the verified address %s is remembered instead.\n", a.Name)
		return nil
	})
}
