#!/bin/sh
# Makes a node of a Citus, coordinator or worker, when it starts for the first
# time: citygauge's login and database as on a single Postgres, the extension,
# and that the nodes trust each other.
set -eu
/bin/sh "${CITYGAUGE_SCRIPTS:-/citygauge}/citygauge.sh"
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname citygauge --command 'create extension citus'
printf 'host all all %s trust\n' "$NODES" | cat - "$PGDATA/pg_hba.conf" >"$PGDATA/pg_hba.new"
cat "$PGDATA/pg_hba.new" >"$PGDATA/pg_hba.conf"
rm "$PGDATA/pg_hba.new"
