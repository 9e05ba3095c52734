package store_test

// answersOnCitus is what psql answers to a city's login on Citus, where that
// differs: a plan is that of a shard, in which the policy stands as a list of
// the login's one city (EXPLAIN alone, which looks nothing up, has an empty
// one); and Citus has errors and sequences of its own.
var answersOnCitus = map[string]string{
	"explain":                          `\(city_id = ANY \('\{\}'::integer\[\]\)\) AND \(city_id = 2\)`,
	"explain analyze":                  askedFirst + `\(value > `,
	"explain analyze, of every row":    askedFirst + `\(value > `,
	"explain analyze, of other rows":   askedFirst + `\(value > `,
	"explain analyze, of an indicator": askedFirst + `\(indicator_id = 2\)`,
	"explain analyze, of a place":      askedFirst + `\(ctid = `,
	"explain analyze, of a name":       askedFirst + `\(slug = `,
	"error, merged":                    `Reference table as target is not allowed in MERGE command`,
	"sequences":                        `(?s)^[^\n]*\n[^\n]*\n( pg_catalog [^\n]*\n)+\(`,
}

const askedFirst = `(?s)actual rows=0 .*\(\(city_id = ANY \('\{1\}'::integer\[\]\)\) AND `
