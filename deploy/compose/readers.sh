#!/bin/sh
# Gives faculty's role the password by which Grafana reads the report.
set -eu
psql --set ON_ERROR_STOP=1 --host "${PGHOST:-postgres}" --username citygauge --dbname citygauge --set password="$FACULTY_PASSWORD" <<'SQL'
alter role citygauge_faculty login password :'password';
SQL
