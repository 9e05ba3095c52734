// Package store keeps citygauge's data in Postgres, through sqlx and lib/pq.
// It is the only package that writes SQL.
//
// Everything happens in a transaction that first takes one of the
// installation's roles: [Store.ForCities] acts for named cities and sees no
// others, [Store.System] acts for the installation. There is no other way in,
// and since each transaction sets itself up, a pooler may stand in between.
// Row-level security holds for both, so that a forgotten condition in a query
// shows nothing of another city.
//
// Whatever changes a city is written under the lock of its row in city_state,
// taken in the order of ids, and raises its generation.
package store
