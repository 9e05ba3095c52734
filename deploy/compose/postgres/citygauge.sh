#!/bin/sh
# Makes citygauge's login and database, when Postgres starts for the first time.
# The login is no superuser; it owns its database and may make roles.
set -eu
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres --set password="$CITYGAUGE_DB_PASSWORD" <<'SQL'
create role citygauge login createrole noinherit password :'password';
create database citygauge owner citygauge template template0;
revoke connect, temporary on database postgres, template1 from public;
SQL
