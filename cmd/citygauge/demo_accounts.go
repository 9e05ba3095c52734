package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/citygauge/citygauge/internal/account"
)

// demoCity is the city of the demo's mayor and aide.
const demoCity = "aldermoor"

var demoAccounts = []account.Account{
	{Name: "aide@demo.example", Title: "An aide (sample)", Role: account.Aide, Cities: []string{demoCity}},
	{Name: "mayor@demo.example", Title: "A mayor (sample)", Role: account.Mayor, Cities: []string{demoCity}},
	{Name: "faculty@demo.example", Title: "Faculty (sample)", Role: account.Faculty},
	{Name: "admin@demo.example", Title: "An admin (sample)", Role: account.Admin},
}

// enroll makes an account of every role, with one password that is answered
// with. Those of a data directory that was used before get the new one.
func (c *demoCommand) enroll(ctx context.Context, g *Global, d *database) (password string, err error) {
	const length = 16
	password = account.Generate()[:length]
	accounts, by := g.accounts(d), account.Actor{Name: "demo"}
	for _, a := range demoAccounts {
		_, err := accounts.Add(ctx, by, a, password)
		if errors.Is(err, account.ErrExists) {
			var there account.Account
			if there, err = accounts.Named(ctx, a.Name); err == nil {
				err = accounts.SetPassword(ctx, by, there.ID, password)
			}
		}
		if err != nil {
			return "", fmt.Errorf("make the account %s: %w", a.Name, err)
		}
	}
	return password, nil
}

// signInHelp says how to sign in.
func signInHelp(password string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "\nSign in as any of these, with the password %s\n\n", password)
	for _, a := range demoAccounts {
		where := "every city"
		if len(a.Cities) > 0 {
			where = strings.Join(a.Cities, ", ")
		}
		fmt.Fprintf(&text, "  %-22s %-8s %s\n", a.Name, a.Role, where)
	}
	return text.String()
}
