#!/bin/sh
# Makes an installation again on a server that does not have its database, from
# a folder that backup.sh wrote:
#
#   restore.sh FOLDER
#
# Run it as a superuser; where the server is, is said as for backup.sh. Roles
# that are there already get the passwords and rights of the backup.
set -eu

folder=${1:?usage: restore.sh FOLDER}
database=$(pg_restore --list "$folder/database.dump" | sed -n 's/^; *dbname: //p')
there=$(echo "select 1 from pg_database where datname = :'name'" |
	psql --no-psqlrc --quiet --tuples-only --no-align --set=name="$database" postgres)
if [ -n "$there" ]; then # before roles get other passwords
	echo "restore.sh: the server has a database $database already: rename or drop it first" >&2
	exit 1
fi
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --single-transaction --file="$folder/roles.sql" postgres
pg_restore --create --exit-on-error --dbname=postgres "$folder/database.dump"
vacuumdb --quiet --analyze-only "$database"
