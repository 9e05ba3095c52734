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
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --single-transaction --file="$folder/roles.sql" postgres
pg_restore --create --exit-on-error --dbname=postgres "$folder/database.dump"

database=$(pg_restore --list "$folder/database.dump" | sed -n 's/^; *dbname: //p')
vacuumdb --quiet --analyze-only "$database"
