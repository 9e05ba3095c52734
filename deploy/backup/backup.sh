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
# Logins of other names enter them, or own the database. A server that has one of
# such a name keeps its own; superusers need no grant.
psql --no-psqlrc --quiet --tuples-only --no-align --set=prefix="$prefix" "$database" >"$unfinished/logins" <<'END'
select quote_ident(rolname)
from pg_roles r
where not rolsuper and rolname <> :'prefix' and not starts_with(rolname, :'prefix' || '_')
      and (oid = (select datdba from pg_database where datname = current_database())
           or exists (select from pg_auth_members join pg_roles g on g.oid = roleid where member = r.oid and starts_with(g.rolname, :'prefix' || '_')))
END
{
	awk 'NR == FNR { login[$0]; next }
		{ for (name in login) if (index($0, "ALTER ROLE " name " WITH ") == 1)
			print "do $login$ begin create role " name "; " $0 " exception when duplicate_object then null; end $login$;" }' \
		"$unfinished/logins" "$unfinished/every.sql"
	sed -nE \
		-e "s/^CREATE ROLE (\"?${prefix}(_[^;]*)?);\$/do \$\$ begin create role \\1; exception when duplicate_object then null; end \$\$;/p" \
		-e "/^ALTER ROLE \"?${prefix}[_ \"]/p" \
		-e "/^GRANT \"?${prefix}_/{" -e "s/ GRANTED BY [^;]*;/;/" \
		-e "s/^([^;]*);\$/do \$\$ begin \\1; exception when undefined_object then null; end \$\$;/p" -e "}" \
		"$unfinished/every.sql"
} >"$unfinished/roles.sql"
rm "$unfinished/every.sql" "$unfinished/logins"

# Only what can be read again is a backup.
pg_restore --file=/dev/null "$unfinished/database.dump"
grep -q "create role ${prefix}_owner;" "$unfinished/roles.sql" || {
	echo "backup.sh: there is no role ${prefix}_owner: give the installation's prefix" >&2
	exit 1
}
mv "$unfinished" "$folder"
