package dashboards

import "testing"

func TestDaysLeft(t *testing.T) {
	i := install(t, sampleDay)
	i.apply(t, sampleProgramme(), sampleYear.Starts)
	db := i.asSuperuser(t)
	sql, err := expand(statement("city/days_left"), map[string][]string{"city_id": {"1"}, "cohort": {sampleYear.ID}}, span{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name         string
		starts, ends int // days from today
		zone, want   string
	}{
		{"long before", 12, 300, "", "Starts in 12 days"},
		{"the day before", 1, 300, "UTC", "Starts in 1 day"},
		{"the first day", 0, 364, "UTC", "364 days left"},
		{"the last but one", -363, 1, "UTC", "1 day left"},
		{"the last day", -364, 0, "UTC", "Last day"},
		{"the last day where the date is ahead of ours", -364, 0, "Pacific/Apia", "Last day"},
	} {
		t.Run(c.name, func(t *testing.T) {
			// In one transaction, within which the clock stands still.
			tx, err := db.BeginTxx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			const today = `(now() at time zone coalesce(nullif($1, ''), 'UTC'))::date`
			tx.MustExecContext(t.Context(), `update citygauge.city set timezone = $1`, c.zone)
			tx.MustExecContext(t.Context(), `update citygauge.cohort set starts = `+today+` + $2::int, ends = `+today+` + $3::int`, c.zone, c.starts, c.ends)
			var got string
			if err := tx.GetContext(t.Context(), &got, sql); err != nil || got != c.want {
				t.Errorf("it says %q (%v), want %q", got, err, c.want)
			}
		})
	}
}
