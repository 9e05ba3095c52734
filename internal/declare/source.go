package declare

import (
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

func (r *reading) source(e *entry) programme.Source {
	return programme.Source{
		City:      e.text("city"),
		ID:        e.text("source"),
		Kind:      strings.ToLower(e.text("kind")),
		URL:       e.text("url"),
		Dataset:   e.text("dataset"),
		Query:     e.text("query"),
		Records:   e.text("records"),
		Indicator: e.text("indicator"),
		Fields: programme.SourceFields{
			Period:    e.text("fields.period"),
			Date:      e.text("fields.date"),
			Format:    e.text("fields.format"),
			Value:     e.text("fields.value"),
			Indicator: e.text("fields.indicator"),
			Status:    e.text("fields.status"),
			Note:      e.text("fields.note"),
		},
		Where:      e.text("where"),
		Aggregate:  strings.ToLower(e.text("aggregate")),
		Of:         e.text("of"),
		Only:       e.text("only"),
		Over:       e.text("over"),
		Per:        parsed(r, e, "per", programme.ParseNumber),
		SettleDays: parsed(r, e, "settle_days", whole),
		Decimal:    strings.ToLower(e.text("decimal")),
		Schedule:   e.text("schedule"),
		Token:      e.text("token"),
		User:       e.text("user"),
		Password:   e.text("password"),
	}
}

func sourceKey(s programme.Source) string { return s.Key().String() }

func sourceTexts(s programme.Source) texts {
	t := texts{}
	for _, f := range []struct{ name, text string }{
		{"city", s.City},
		{"source", s.ID},
		{"kind", s.Kind},
		{"url", s.URL},
		{"dataset", s.Dataset},
		{"query", s.Query},
		{"records", s.Records},
		{"indicator", s.Indicator},
		{"fields.period", s.Fields.Period},
		{"fields.date", s.Fields.Date},
		{"fields.format", s.Fields.Format},
		{"fields.value", s.Fields.Value},
		{"fields.indicator", s.Fields.Indicator},
		{"fields.status", s.Fields.Status},
		{"fields.note", s.Fields.Note},
		{"where", s.Where},
		{"aggregate", s.Aggregate},
		{"of", s.Of},
		{"only", s.Only},
		{"over", s.Over},
		{"decimal", s.Decimal},
		{"schedule", s.Schedule},
		{"token", s.Token},
		{"user", s.User},
		{"password", s.Password},
	} {
		t.put(f.name, f.text)
	}
	if s.Per != 0 {
		t.put("per", number(s.Per))
	}
	if s.SettleDays != 0 {
		t.put("settle_days", strconv.Itoa(s.SettleDays))
	}
	return t
}
