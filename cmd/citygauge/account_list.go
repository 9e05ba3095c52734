package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/citygauge/citygauge/internal/account"
)

type accountList struct {
	JSON bool `name:"json" help:"Print a JSON object for each account."`
}

// Run lists the accounts.
func (c *accountList) Run(ctx context.Context, g *Global, std streams) error {
	return g.withAccounts(ctx, func(s *account.Service, _ account.Actor) error {
		all, err := s.All(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			for _, a := range all {
				if err := printJSON(std.out, accountJSON(a, "")); err != nil {
					return err
				}
			}
			return nil
		}
		if len(all) == 0 {
			fmt.Fprint(std.err, noAccounts)
			return nil
		}
		return table(std.out, func(row func(...string)) {
			row("ACCOUNT", "ROLE", "CITIES", "SIGNS IN WITH", "LAST SIGN-IN", "STATE")
			for _, a := range all {
				cities := strings.Join(a.Cities, " ")
				if !a.Role.OfCities() {
					cities = "all"
				}
				disabled := ""
				if a.Disabled {
					disabled = "disabled"
				}
				row(a.Name, string(a.Role), cities, signsInWith(a), shortTime(a.SignedIn), disabled)
			}
		})
	})
}

func signsInWith(a account.Account) string {
	var ways []string
	if a.Password != "" {
		ways = append(ways, "password")
	}
	if a.Identity.Issuer != "" {
		ways = append(ways, a.Identity.Issuer)
	}
	return cmp.Or(strings.Join(ways, ", "), "OpenID, not used yet")
}

// noAccounts says how to begin.
const noAccounts = "There are no accounts yet, so nobody can sign in. Make the first, with the same --database-url or --data-dir:\n\n  citygauge account add NAME@EXAMPLE.ORG --role admin --generate\n\n"

// firstAccount says how to begin where nobody has an account.
func (g *Global) firstAccount(ctx context.Context, d *database, talk io.Writer) error {
	all, err := g.accounts(d).All(ctx)
	if err == nil && len(all) == 0 {
		fmt.Fprint(talk, noAccounts)
	}
	return err
}

// listedAccount is an account as programs read it.
type listedAccount struct {
	ID       int64      `json:"id"`
	Name     string     `json:"name"`
	Title    string     `json:"title"`
	Role     string     `json:"role"`
	Cities   []string   `json:"cities"`
	Disabled bool       `json:"disabled"`
	Issuer   string     `json:"issuer,omitempty"`
	SignedIn *time.Time `json:"signed_in,omitempty"`
	Password string     `json:"password,omitempty"` // that was just generated
}

func accountJSON(a account.Account, password string) listedAccount {
	return listedAccount{
		ID: a.ID, Name: a.Name, Title: a.Title, Role: string(a.Role), Cities: append([]string{}, a.Cities...), Disabled: a.Disabled,
		Issuer: a.Identity.Issuer, SignedIn: orNil(a.SignedIn), Password: password,
	}
}

func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

func shortTime(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04Z")
}

// table writes rows in columns. What a terminal would obey is not shown to it.
func table(w io.Writer, fill func(row func(...string))) error {
	var text bytes.Buffer
	columns := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fill(func(cells ...string) {
		for n, c := range cells {
			cells[n] = strings.Map(printable, c)
		}
		fmt.Fprintln(columns, strings.Join(cells, "\t"))
	})
	if err := columns.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(text.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return unicode.ReplacementChar
}
