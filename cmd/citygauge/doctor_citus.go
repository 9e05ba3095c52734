package main

import (
	"strings"

	"github.com/citygauge/citygauge/internal/store"
)

// judgeCluster says nothing of a single Postgres, nor of what could not be
// looked at.
func judgeCluster(e store.Examination, f *findings) {
	c := e.Citus
	switch {
	case c.Extension == "" || len(e.Missing) > 0:
		return
	case !c.Spread:
		f.say("Citus", attention, "run citygauge migrate --citus, if one machine is not enough", "the database has Citus %s, and all data on the coordinator", c.Extension)
		return
	case !c.Fits:
		f.say("Citus", wrong, "use versions of both that fit together", "the database has Citus %s, this program needs Citus %s", c.Extension, store.CitusVersion)
	default:
		f.ok("Citus", "version %s, as this program needs it", c.Extension)
	}
	judgeWorkers(c, f)
	if len(c.Unspread) > 0 {
		f.say("tables", wrong, "run citygauge migrate --citus", "not spread over the workers: %s", strings.Join(c.Unspread, ", "))
	}
	if len(c.Astray) > 0 {
		f.say("tables", wrong, "as a superuser, select undistribute_table('citygauge.…') for each; then run citygauge migrate --citus",
			"spread in another way than this program's: %s", strings.Join(c.Astray, ", "))
	}
	if len(c.Unspread)+len(c.Astray) == 0 {
		f.ok("tables", "all are spread, or are not, as this program needs it")
	}
}

func judgeWorkers(c store.Citus, f *findings) {
	const check = "workers"
	answering := 0
	for _, w := range c.Workers {
		switch {
		case !w.Active:
			f.say(check, wrong, "as a superuser, select citus_activate_node('its address', its port) on the coordinator", "%s:%d is not active", w.Host, w.Port)
		case !w.Answers:
			f.say(check, wrong, "start it, and let the coordinator reach it", "%s:%d does not answer: %s", w.Host, w.Port, w.Result)
		case w.Result != c.Extension:
			f.say(check, wrong, "install the same Citus on every node, and alter extension citus update", "%s:%d has Citus %s, the coordinator %s", w.Host, w.Port, w.Result, c.Extension)
		default:
			answering++
		}
	}
	if answering == len(c.Workers) {
		f.ok(check, "all of %d are active and answer", answering)
	}
}
