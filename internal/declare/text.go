package declare

import (
	"slices"
	"strconv"

	"github.com/citygauge/citygauge/internal/programme"
)

// texts are the fields of a thing as a declaration writes them, by the names of
// its columns: the reverse of reading an entry. Fields that are not given are
// left out.
type texts map[string][]string

func (t texts) put(name, text string) {
	if text != "" {
		t[name] = []string{text}
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func cohortKey(c programme.Cohort) string { return c.ID }

func cohortTexts(c programme.Cohort) texts {
	t := texts{}
	t.put("cohort", c.ID)
	t.put("starts", c.Starts.String())
	t.put("ends", c.Ends.String())
	return t
}

func cityKey(c programme.City) string { return c.ID }

func cityTexts(c programme.City) texts {
	// No cohorts are written too: left out, they would be the only one there is.
	t := texts{"cohorts": sorted(c.Cohorts)}
	t.put("city", c.ID)
	t.put("name", c.Name)
	t.put("country", c.Country)
	t.put("population", strconv.Itoa(c.Population))
	t.put("timezone", c.Timezone)
	if c.Location != nil {
		t.put("latitude", number(c.Location.Latitude))
		t.put("longitude", number(c.Location.Longitude))
	}
	return t
}

func indicatorKey(i programme.Indicator) string { return i.Key().String() }

func indicatorTexts(i programme.Indicator) texts {
	t := texts{}
	t.put("city", i.City)
	t.put("indicator", i.ID)
	t.put("title", i.Title)
	t.put("unit", i.Unit)
	t.put("frequency", i.Frequency.String())
	t.put("direction", string(i.Direction))
	t.put("measure", string(i.Measure))
	t.put("kind", string(i.Kind))
	t.put("problem", i.Problem)
	t.put("lens", string(i.Lens))
	t.put("decimals", strconv.Itoa(i.Decimals))
	if i.Plausible.Min != nil {
		t.put("plausible.min", number(*i.Plausible.Min))
	}
	if i.Plausible.Max != nil {
		t.put("plausible.max", number(*i.Plausible.Max))
	}
	t.put("due_days", strconv.Itoa(i.DueDays))
	t.put("judge_provisional", strconv.FormatBool(i.JudgeProvisional))
	for _, b := range slices.Sorted(slices.Values(i.Breaks)) {
		t["breaks"] = append(t["breaks"], b.String())
	}
	t.put("definition", i.Definition)
	t.put("owner", i.Owner)
	t.put("source", i.Source)
	return t
}

func targetKey(t programme.Target) string { return t.Key().String() }

func targetTexts(g programme.Target) texts {
	t := texts{}
	t.put("city", g.City)
	t.put("indicator", g.Indicator)
	t.put("cohort", g.Cohort)
	switch {
	case g.Baseline.Auto:
		t.put("baseline.value", "auto")
	case !g.Baseline.Period.IsZero() || g.Baseline.Value != 0:
		t.put("baseline.value", number(g.Baseline.Value))
	}
	t.put("baseline.period", g.Baseline.Period.String())
	if g.Goal.Form != "" {
		t.put("target", g.Goal.String())
	}
	t.put("period", g.Period.String())
	t.put("trajectory", string(g.Path))
	if g.Band != nil {
		t.put("range.low", number(g.Band.Low))
		t.put("range.high", number(g.Band.High))
	}
	for _, m := range g.Milestones {
		t["milestones"] = append(t["milestones"], m.On.String()+"="+m.Goal.String())
	}
	return t
}

func interventionKey(i programme.Intervention) string {
	return i.City + "/" + i.Title + "/" + i.Start.String()
}

func interventionTexts(i programme.Intervention) texts {
	t := texts{}
	t.put("city", i.City)
	t.put("title", i.Title)
	t.put("start", i.Start.String())
	t.put("end", i.End.String())
	if len(i.Indicators) > 0 {
		t["indicators"] = sorted(i.Indicators)
	}
	return t
}

func sorted(names []string) []string { return slices.Sorted(slices.Values(names)) }
