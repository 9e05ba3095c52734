package main

import (
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/store"
)

const (
	// oldestPostgres is the oldest version that citygauge runs on.
	oldestPostgres = 15
	// clocksApart is by how much clocks may differ before days do.
	clocksApart = time.Minute
	// crowded is the part of a server's connections from which on new ones may
	// be refused.
	crowded = 0.9
)

func judgeServer(e store.Examination, now time.Time, f *findings) {
	if e.Number < oldestPostgres*10000 {
		f.say("database", wrong, "move to Postgres 15 or newer", "Postgres %s is too old", e.Server)
	} else {
		f.ok("database", "Postgres %s answers; the database has %d MB", e.Server, e.Size>>20)
	}
	if e.Encoding != "UTF8" {
		f.say("encoding", wrong, "make a database with encoding 'UTF8' and move the data there", "the database is encoded in %s: names of cities may not fit in", e.Encoding)
	}
	if len(e.Unsafe) > 0 {
		f.say("settings", wrong, "switch them on in postgresql.conf", "%s: data may be lost or decay", strings.Join(e.Unsafe, ", "))
	}
	if float64(e.Connections) > crowded*float64(e.Most) {
		f.say("connections", attention, "raise max_connections, or put a pooler in between", "%d of at most %d connections are in use", e.Connections, e.Most)
	}
	if apart := now.Sub(e.Clock).Abs().Round(time.Second); apart > clocksApart {
		f.say("clock", wrong, "set the clocks of both machines by the network (NTP)", "the clocks of this machine and of the database are %v apart, so that days begin twice", apart)
	} else {
		f.ok("clock", "this machine and the database agree on the time")
	}
}

// judgeSchema reports whether there is more to look at.
func judgeSchema(e store.Examination, f *findings) bool {
	switch {
	case e.OfWorker:
		f.say("schema", wrong, "name the coordinator's", "the database is that of a worker of a Citus")
	case e.Schema == 0:
		f.say("schema", wrong, "run citygauge migrate", "the database has no tables of citygauge")
	case e.Schema < e.Wanted:
		f.say("schema", wrong, "run citygauge migrate", "the schema has version %d, this program needs %d", e.Schema, e.Wanted)
	case e.Schema > e.Wanted:
		f.say("schema", wrong, "use the newer program", "the schema has version %d, this program knows %d", e.Schema, e.Wanted)
	default:
		f.ok("schema", "version %d, as this program needs it", e.Schema)
		return true
	}
	return false
}

func judgeAccess(e store.Examination, f *findings) {
	if len(e.Missing) > 0 {
		f.say("roles", wrong, "run citygauge migrate as a role with createrole that owns the database, or grant them to "+e.Login,
			"the login %s cannot enter the roles %s", e.Login, strings.Join(e.Missing, ", "))
		return
	}
	if len(e.Powerful) > 0 {
		f.say("roles", wrong, "alter role … nosuperuser nobypassrls", "row-level security does not hold for %s: they see every city", strings.Join(e.Powerful, ", "))
	} else {
		f.ok("roles", "all there, and none is above row-level security")
	}
	if e.Superuser {
		f.say("login", attention, "make a login that owns the database and has createrole, and is no superuser", "the server logs in as %s, a superuser", e.Login)
	}
	if e.Open {
		f.say("entrance", wrong, "revoke connect, temporary on database … from public", "every login of the Postgres may enter the database")
	}
	if len(e.Unguarded) > 0 {
		f.say("isolation", wrong, "alter table … enable row level security, force row level security", "row-level security is not in force on %s", strings.Join(e.Unguarded, ", "))
	} else {
		f.ok("isolation", "row-level security is in force on every table with a city's data")
	}
}

func judgeWork(e store.Examination, f *findings) {
	if len(e.Missing) > 0 {
		return // it could not be looked at
	}
	if e.Unjudged > 0 {
		f.say("daily work", wrong, "let citygauge serve run, and read its log", "cities that were not judged for two days or more: %d of %d", e.Unjudged, e.Cities)
	} else {
		f.ok("daily work", "all cities are judged: %d", e.Cities)
	}
	if e.Previews > 0 {
		f.say("previews", attention, "let citygauge serve run, and read its log", "%d previews of more than three days ago were not cleared away", e.Previews)
	}
}

func judgeSources(e store.Examination, f *findings) {
	if e.Failing > 0 {
		f.say("sources", attention, "citygauge source list says which, why, and what to do", "the last runs of some sources failed: %d", e.Failing)
	}
	if e.Waiting > 0 {
		f.say("sources", wrong, "let citygauge serve run, and read its log", "sources that are due for over an hour, and that nobody pulls from: %d", e.Waiting)
	}
}
