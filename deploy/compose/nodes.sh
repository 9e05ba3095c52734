#!/bin/sh
# Makes the coordinator of a Citus and its workers known to each other. Running
# it again changes nothing.
set -eu
host=${COORDINATOR%:*} port=${COORDINATOR##*:}
ask() {
  psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname citygauge --tuples-only --set host="$1" --set port="$2"
}
echo "select citus_set_coordinator_host(:'host', :port);" | ask "$host" "$port"
for worker in $WORKERS; do
  echo "select citus_add_node(:'host', :port);" | ask "${worker%:*}" "${worker##*:}"
done
