#!/bin/sh
# Writes all of an installation to a new folder:
#
#   backup.sh FOLDER [DATABASE [PREFIX]]      both are citygauge unless given
#
# Where the server is, is said as for every program of Postgres: PGHOST, PGPORT,
# PGUSER, ~/.pgpass. Run it as a superuser: row-level security hides the cities
# from anybody else. The folder holds password hashes; only you can read it.
set -eu
umask 077

folder=${1:?usage: backup.sh FOLDER [DATABASE [PREFIX]]} database=${2:-citygauge} prefix=${3:-citygauge}
folder=${folder%/}
unfinished=$folder.unfinished
if [ -e "$folder" ]; then # mv would put this backup into that one
	echo "backup.sh: there is $folder already: name a new folder" >&2
	exit 1
fi
mkdir "$unfinished"

pg_dump --format=custom --create --file="$unfinished/database.dump" "$database"

# Roles belong to the whole server, so pg_dump leaves them out. Those of the
# installation begin with its prefix. They are written after the data: whom a
# city's data are granted to is among them.
pg_dumpall --roles-only --database=postgres >"$unfinished/every.sql"
sed -nE \
	-e "s/^CREATE ROLE (\"?${prefix}(_[^;]*)?);\$/do \$\$ begin create role \\1; exception when duplicate_object then null; end \$\$;/p" \
	-e "/^ALTER ROLE \"?${prefix}[_ \"]/p" \
	-e "/^GRANT \"?${prefix}_/s/ GRANTED BY [^;]*;/;/p" \
	"$unfinished/every.sql" >"$unfinished/roles.sql"
rm "$unfinished/every.sql"

# Only what can be read again is a backup.
pg_restore --file=/dev/null "$unfinished/database.dump"
grep -q "create role ${prefix}_owner;" "$unfinished/roles.sql" || {
	echo "backup.sh: there is no role ${prefix}_owner: give the installation's prefix" >&2
	exit 1
}
mv "$unfinished" "$folder"
