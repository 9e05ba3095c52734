package programme_test

import (
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
)

func TestCheckIndicators(t *testing.T) {
	low, high, huge := -5.0, -1.0, 1e16
	indicator := func(change func(*programme.Indicator)) func(*programme.Programme) {
		return func(p *programme.Programme) {
			p.Targets, p.Interventions = nil, nil
			change(&p.Indicators[0])
		}
	}
	testFaults(t, []faulty{
		{
			"nothing but a city", indicator(func(i *programme.Indicator) { *i = programme.Indicator{City: "riverton"} }),
			[]string{
				`error | indicator | indicator | indicator "" is not an identifier: ` + notASlug,
				"error | indicator | title | indicator  has no title: write a title that a citizen understands",
				"error | indicator | unit | indicator  has no unit: write what is counted or measured, such as incidents or %",
				`error | indicator | lens | lens is "": write one of outcome, cause, consequence`,
				`error | indicator | kind | kind is "": write one of quantity, count`,
				`error | indicator | direction | direction is "": write one of increase, decrease, maintain`,
				`error | indicator | measure | measure is "": write one of latest, rolling, rolling-mean, mean, total`,
				"error | indicator | frequency | indicator  has no frequency: write one of daily, weekly, monthly, quarterly, annual",
			},
		},
		{"a problem that is no slug", indicator(func(i *programme.Indicator) { i.Problem = "Street violence" }), []string{`error | indicator | problem | problem "Street violence" is not an identifier: ` + notASlug}},
		{"an unknown word", indicator(func(i *programme.Indicator) { i.Direction = "down" }), []string{`error | indicator | direction | direction is "down": write one of increase, decrease, maintain`}},
		{"a frequency that is none", indicator(func(i *programme.Indicator) { i.Frequency = 6 }), []string{"error | indicator | frequency | indicator robberies has no frequency: write one of daily, weekly, monthly, quarterly, annual"}},
		{"negative decimals", indicator(func(i *programme.Indicator) { i.Decimals = -1 }), []string{"error | indicator | decimals | decimals is -1: write a number from 0 to 12"}},
		{"too many decimals", indicator(func(i *programme.Indicator) { i.Decimals = 13 }), []string{"error | indicator | decimals | decimals is 13: write a number from 0 to 12"}},
		{"due before the end", indicator(func(i *programme.Indicator) { i.DueDays = -1 }), []string{"error | indicator | due_days | due_days is -1: write the days after a period's end in which its value is due"}},
		{"due in eleven years", indicator(func(i *programme.Indicator) { i.DueDays = 4000 }), []string{"error | indicator | due_days | due_days is 4000: write the days after a period's end in which its value is due"}},
		{"due at once", indicator(func(i *programme.Indicator) { i.DueDays = 0 }), nil},
		{
			"bounds the wrong way round", indicator(func(i *programme.Indicator) {
				i.Kind, i.Plausible = programme.Quantity, programme.Bounds{Min: &high, Max: &low}
			}),
			[]string{"error | indicator | plausible | plausible values go from -1 to -5: write the smaller one as min"},
		},
		{
			"a bound beyond 1e15", indicator(func(i *programme.Indicator) { i.Plausible.Max = &huge }),
			[]string{"error | indicator | plausible | a plausible bound is 1e+16: write a number up to 1e15"},
		},
		{
			"a count below 0", indicator(func(i *programme.Indicator) { i.Plausible.Max = &high }),
			[]string{"error | indicator | plausible | a count cannot be below 0, but its plausible max is -1: write a max of 0 or more, or kind quantity"},
		},
		{"a break without a date", indicator(func(i *programme.Indicator) { i.Breaks = []programme.Date{date(t, "2024-01-01"), 0} }), []string{"error | indicator | breaks | a break has no date: write a date as 2025-03-15"}},
		{"a city that is not", indicator(func(i *programme.Indicator) { i.City = "lakeside" }), []string{`error | indicator | city | no city is called "lakeside": declare the city, or correct the name`}},
		{"declared twice", func(p *programme.Programme) { p.Indicators = append(p.Indicators, p.Indicators[0]) }, []string{"error | indicator |  | indicator riverton/robberies is declared twice: keep one of them"}},
	})
}

func TestCheckInterventions(t *testing.T) {
	intervention := func(change func(*programme.Intervention)) func(*programme.Programme) {
		return func(p *programme.Programme) { change(&p.Interventions[0]) }
	}
	testFaults(t, []faulty{
		{"no title", intervention(func(i *programme.Intervention) { i.Title = "" }), []string{"error | intervention | title | an intervention has no title: write what the city did"}},
		{"no first day", intervention(func(i *programme.Intervention) { i.Start = 0 }), []string{`error | intervention | start | intervention "Street lights" has no first day: write a date as 2025-03-15`}},
		{
			"ends before it starts", intervention(func(i *programme.Intervention) { i.End = i.Start - 1 }),
			[]string{`error | intervention | end | intervention "Street lights" ends on 2025-02-28, before it starts on 2025-03-01: write the later day as end`},
		},
		{"a single day", intervention(func(i *programme.Intervention) { i.End = i.Start }), nil},
		{
			"an indicator that is not", intervention(func(i *programme.Intervention) { i.Indicators = []string{"beds", "thefts"} }),
			[]string{`error | intervention | indicators | city riverton has no indicator "thefts": declare the indicator, or correct the name`},
		},
		{
			"a city that is not", intervention(func(i *programme.Intervention) { i.City, i.Indicators = "lakeside", nil }),
			[]string{`error | intervention | city | no city is called "lakeside": declare the city, or correct the name`},
		},
		{
			"declared twice", func(p *programme.Programme) { p.Interventions = append(p.Interventions, p.Interventions[0]) },
			[]string{"error | intervention |  | intervention riverton/Street lights/2025-03-01 is declared twice: keep one of them"},
		},
	})
}
