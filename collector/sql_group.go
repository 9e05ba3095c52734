package collector

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Group has the database count, where it would count as this program does.
func (sqlKind) Group(ctx context.Context, p *Pull, g Grouping) (able bool, err error) {
	err = reading(ctx, p, func(tx *sqlx.Tx, types map[string]string) error {
		statement, ok := groupStatement(p.Source.Query, g, types)
		if ok && types[g.Date] == "TIMESTAMPTZ" {
			// Where all of them are midnights, they may be days: see midnights.
			utc := "r." + pq.QuoteIdentifier(g.Date) + " at time zone 'UTC'"
			ok = false
			if err := eachRow(ctx, tx, "select from ("+p.Source.Query+"\n) as r where "+utc+" <> date_trunc('day', "+utc+") limit 1", func([]string) error {
				ok = true
				return nil
			}); err != nil {
				return err
			}
		}
		if able = ok; !ok {
			return nil
		}
		return eachRow(ctx, tx, statement, func(v []string) error {
			all, _ := strconv.ParseInt(v[2], 10, 64) // the database counted it, and so below
			if err := p.Covers(v[0], all, v[10]); err != nil {
				return err
			}
			group := Group{Date: v[0], Indicator: v[1], Sum: v[6], Min: v[7], Max: v[8], Over: v[9]}
			group.Among, _ = strconv.ParseInt(v[3], 10, 64)
			group.Records, _ = strconv.ParseInt(v[4], 10, 64)
			group.Values, _ = strconv.ParseInt(v[5], 10, 64)
			if group.Among == 0 {
				return nil
			}
			return p.Group(group)
		})
	})
	return able, err
}

// exactTypes are sums of whose values have no rounding.
var exactTypes = []string{"INT2", "INT4", "INT8", "NUMERIC"}

// groupStatement counts all records of a unit, those that meet the conditions,
// and those of them that are above the line.
func groupStatement(query string, g Grouping, types map[string]string) (string, bool) {
	date := "r." + pq.QuoteIdentifier(g.Date)
	switch types[g.Date] {
	case "TIMESTAMPTZ":
		date += " at time zone " + pq.QuoteLiteral(g.Zone)
	case "TIMESTAMP", "DATE":
		date += "::timestamp"
	default:
		return "", false
	}
	where, ok := sqlWhere(g.Where, types)
	only, also := sqlWhere(g.Only, types)
	if !ok || !also {
		return "", false
	}
	above := "(" + where + ") and (" + only + ")"
	of, over := "null::numeric", "null::numeric"
	for _, n := range []struct {
		field string
		into  *string
	}{{g.Of, &of}, {g.Over, &over}} {
		if n.field == "" {
			continue
		}
		if !slices.Contains(exactTypes, types[n.field]) {
			return "", false
		}
		*n.into = "r." + pq.QuoteIdentifier(n.field) + "::numeric"
	}
	indicator := "null::text"
	if g.Indicator != "" {
		indicator = "r." + pq.QuoteIdentifier(g.Indicator) + "::text"
	}
	return `
		select (date_trunc('` + string(g.Unit) + `', ` + date + `))::date::text, ` + indicator + `, count(*),
		       count(*) filter (where ` + where + `),
		       count(*) filter (where ` + above + `),
		       count(` + of + `) filter (where ` + above + `),
		       sum(` + of + `) filter (where ` + above + `),
		       min(` + of + `) filter (where ` + above + `),
		       max(` + of + `) filter (where ` + above + `),
		       sum(` + over + `) filter (where ` + where + `),
		       min(` + date + `)::text
		from (` + query + `
		) as r
		group by 1, 2`, true
}

// sqlWhere writes conditions in SQL, with the meaning that they have here.
func sqlWhere(conditions []Condition, types map[string]string) (string, bool) {
	all := []string{"true"}
	for _, c := range conditions {
		column := "r." + pq.QuoteIdentifier(c.Field)
		field := `nullif(` + column + `::text, '') collate "C"`
		values := make([]string, len(c.Texts))
		for n, text := range c.Texts {
			values[n] = pq.QuoteLiteral(text)
		}
		if c.Numbers != nil {
			if !slices.Contains(append([]string{"FLOAT4", "FLOAT8"}, exactTypes...), types[c.Field]) {
				return "", false
			}
			field = column + "::float8"
			for n, number := range c.Numbers {
				values[n] = strconv.FormatFloat(number, 'g', -1, 64) + "::float8"
			}
		}
		switch c.Op {
		case "empty":
			all = append(all, field+" is null")
		case "not empty":
			all = append(all, field+" is not null")
		case "in", "not in":
			all = append(all, field+" "+c.Op+" ("+strings.Join(values, ", ")+")")
		default:
			all = append(all, field+" "+c.Op+" "+values[0])
		}
	}
	return strings.Join(all, " and "), true
}
