package collector

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

var soqlTruncate = map[Unit]string{Day: "date_trunc_ymd", Month: "date_trunc_ym", Year: "date_trunc_y"}

// Group has the portal count, where it would count as this program does: by the
// place's own time, which calendar dates are in, and by numbers that are exact.
func (socrataKind) Group(ctx context.Context, p *Pull, g Grouping) (bool, error) {
	s := newSoda(p)
	types, err := s.types(ctx)
	if err != nil || types[g.Date] != "calendar_date" {
		return false, err
	}
	for _, number := range []string{g.Of, g.Over} {
		if number != "" && types[number] != "number" {
			return false, nil
		}
	}
	if g.Indicator != "" && types[g.Indicator] != "text" {
		return false, nil
	}
	where, ok := soqlWhere(g.Where, types)
	only, also := soqlWhere(g.Only, types)
	if !ok || !also {
		return false, nil
	}
	records, err := s.begin(ctx)
	if err != nil {
		return true, err
	}
	if err := p.Announce(records); err != nil {
		return true, err
	}
	if err := s.covered(ctx, g); err != nil {
		return true, err
	}
	if err := s.groups(ctx, g, where, only); err != nil {
		return true, err
	}
	return true, s.settled(ctx)
}

// types are the types of the dataset's columns; none where the portal does not
// tell.
func (s soda) types(ctx context.Context) (map[string]string, error) {
	content, err := s.page(ctx, Request{URL: s.base + "/api/views/" + url.PathEscape(s.Source.Dataset) + ".json", Header: s.authorization("")})
	if err != nil {
		if f := failureOf(err); f.Reason == Refused || f.Reason == NotData {
			return nil, nil // then it is not asked to count
		}
		return nil, err
	}
	types := map[string]string{}
	var names []string
	for _, c := range gjson.GetBytes(content, "columns").Array() {
		name := c.Get("fieldName").String()
		types[name], names = c.Get("dataTypeName").String(), append(names, name)
	}
	if len(types) == 0 || types[""] != "" {
		return nil, nil
	}
	return types, s.Has(append(names, ":id", ":created_at", ":updated_at", ":version"))
}

// covered counts all records by unit, whatever they are.
func (s soda) covered(ctx context.Context, g Grouping) error {
	date := soqlName(g.Date)
	unit := soqlTruncate[g.Unit] + "(" + date + ")"
	return s.pages(ctx, "SELECT "+unit+" AS unit, count(*) AS records, min("+date+") AS first GROUP BY unit ORDER BY unit", -1, func(record []byte) error {
		v := gjson.GetManyBytes(record, "unit", "records", "first")
		n, err := whole(v[1])
		if err != nil {
			return err
		}
		return s.Covers(text(v[0]), n, text(v[2]))
	})
}

// groups counts the records that meet the conditions. Those of a rate that has
// some above the line are counted twice: these, and all of them.
func (s soda) groups(ctx context.Context, g Grouping, where, only []string) error {
	const records = "count(*) AS records"
	above, among := []string{records}, []string{records}
	if g.Of != "" {
		name := soqlName(g.Of)
		above = append(above, "count("+name+") AS numbers", "sum("+name+") AS total", "min("+name+") AS least", "max("+name+") AS most")
	}
	if g.Over != "" {
		among = append(among, "sum("+soqlName(g.Over)+") AS over")
	}
	if len(only) == 0 {
		return s.group(ctx, g, where, append(above, among[1:]...), func(group *Group, n int64) { group.Records, group.Among = n, n })
	}
	if err := s.group(ctx, g, where, among, func(group *Group, n int64) { group.Among = n }); err != nil {
		return err
	}
	return s.group(ctx, g, slices.Concat(where, only), above, func(group *Group, n int64) { group.Records = n })
}

// group hands on the groups of one statement; count puts its number of records
// where it belongs.
func (s soda) group(ctx context.Context, g Grouping, where, columns []string, count func(*Group, int64)) error {
	by, order := soqlTruncate[g.Unit]+"("+soqlName(g.Date)+") AS unit", "unit"
	if g.Indicator != "" {
		by, order = by+", "+soqlName(g.Indicator)+" AS indicator", "unit, indicator"
	}
	soql := "SELECT " + by + ", " + strings.Join(columns, ", ")
	if len(where) > 0 {
		soql += " WHERE " + strings.Join(where, " AND ")
	}
	return s.pages(ctx, soql+" GROUP BY "+order+" ORDER BY "+order, -1, func(record []byte) error {
		v := gjson.GetManyBytes(record, "unit", "indicator", "records", "numbers", "total", "least", "most", "over")
		n, err := whole(v[2])
		if err != nil {
			return err
		}
		values, err := whole(v[3])
		if err != nil {
			return err
		}
		group := Group{Date: text(v[0]), Indicator: text(v[1]), Values: values, Sum: text(v[4]), Min: text(v[5]), Max: text(v[6]), Over: text(v[7])}
		count(&group, n)
		return s.Group(group)
	})
}

// whole is a count; SODA writes numbers as texts.
func whole(v gjson.Result) (int64, error) {
	if !v.Exists() || v.Type == gjson.Null {
		return 0, nil
	}
	n, err := strconv.ParseInt(v.String(), 10, 64)
	if err != nil {
		return 0, fail(NotData, "a count is %q", v.String())
	}
	return n, nil
}

// soqlWhere writes conditions in SoQL; false where one would not mean there
// what it means here.
func soqlWhere(conditions []Condition, types map[string]string) ([]string, bool) {
	var all []string
	for _, c := range conditions {
		name, kind := soqlName(c.Field), types[c.Field]
		values := make([]string, len(c.Texts))
		for n, text := range c.Texts {
			values[n] = soqlText(text)
			if c.Numbers != nil {
				values[n] = strconv.FormatFloat(c.Numbers[n], 'f', -1, 64)
			}
		}
		number, written := kind == "number" && c.Numbers != nil, kind == "text" && c.Numbers == nil
		switch {
		case c.Op == "empty" && kind == "text":
			all = append(all, "("+name+" IS NULL OR "+name+" = '')")
		case c.Op == "empty" && kind == "number":
			all = append(all, name+" IS NULL")
		case c.Op == "not empty" && kind == "text":
			all = append(all, name+" IS NOT NULL AND "+name+" != ''")
		case c.Op == "not empty" && kind == "number":
			all = append(all, name+" IS NOT NULL")
		case number && c.Op != "in" && c.Op != "not in", written && c.Op == "=":
			all = append(all, name+" "+c.Op+" "+values[0])
		case written && c.Op == "!=":
			all = append(all, name+" != "+values[0]+" AND "+name+" != ''")
		case (number || written) && c.Op == "in":
			all = append(all, name+" IN ("+strings.Join(values, ", ")+")")
		case (number || written) && c.Op == "not in":
			all = append(all, name+" NOT IN ("+strings.Join(values, ", ")+")"+map[bool]string{true: " AND " + name + " != ''"}[written])
		default:
			return nil, false
		}
	}
	return all, true
}
