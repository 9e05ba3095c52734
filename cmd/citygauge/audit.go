package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/account"
)

type auditCommand struct {
	Limit int  `default:"100" placeholder:"N" help:"How many entries, the newest first (default 100)."`
	JSON  bool `name:"json" help:"Print a JSON object for each entry."`
}

// listedEntry is an entry of the trail as programs read it.
type listedEntry struct {
	At      time.Time `json:"at"`
	Account string    `json:"account"`
	Token   int64     `json:"token,omitempty"`
	Address string    `json:"address,omitempty"`
	Action  string    `json:"action"`
	Subject string    `json:"subject,omitempty"`
	Cities  []string  `json:"cities"`
	Upload  int64     `json:"upload,omitempty"`
}

// Validate refuses a limit that is none.
func (c *auditCommand) Validate() error {
	if c.Limit < 1 {
		return fmt.Errorf("--limit %d: at least one is needed", c.Limit)
	}
	return nil
}

// Run tells who did what.
func (c *auditCommand) Run(ctx context.Context, g *Global, std streams) error {
	return g.withAccounts(ctx, func(s *account.Service, _ account.Actor) error {
		entries, err := s.Trail(ctx, c.Limit)
		if err != nil {
			return err
		}
		if c.JSON {
			for _, e := range entries {
				listed := listedEntry{e.At.UTC(), e.By.Name, e.By.Token, e.By.Address, string(e.Action), e.Subject, append([]string{}, e.Cities...), e.Upload}
				if err := printJSON(std.out, listed); err != nil {
					return err
				}
			}
			return nil
		}
		return table(std.out, func(row func(...string)) {
			row("WHEN", "WHO", "FROM", "DID", "WHAT", "CITIES")
			for _, e := range entries {
				row(shortTime(e.At), who(e.By), e.By.Address, string(e.Action), what(e), strings.Join(e.Cities, " "))
			}
		})
	})
}

func who(by account.Actor) string {
	if by.Token == 0 {
		return by.Name
	}
	return by.Name + " (token " + strconv.FormatInt(by.Token, 10) + ")"
}

func what(e account.Entry) string {
	if e.Upload == 0 {
		return e.Subject
	}
	return strings.TrimSpace("upload " + strconv.FormatInt(e.Upload, 10) + " " + e.Subject)
}
