#!/bin/sh
# Brings a file of backup.sh into an empty database: all of it, or nothing.
# Usage: restore.sh FILE [URL]     (without a URL: THOTH_DATABASE)
# The database must be there and empty: createdb --encoding=UTF8 --template=template0 NAME
set -eu
# shellcheck source-path=SCRIPTDIR source=connection.sh
. "$(dirname "$0")/connection.sh"

[ $# -ge 1 ] && [ $# -le 2 ] || fail "usage: restore.sh FILE [URL]" 2
file=$1
[ -r "$file" ] || fail "\`$file\` cannot be read" 2
connect "${2:-}"

# Tables, views and the like that are neither the system's nor an extension's.
count="SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS
  (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')"
there=$("$(program psql)" --no-psqlrc --tuples-only --no-align --command="$count" "$place") ||
  fail "the database cannot be reached"
[ "$there" = 0 ] || fail "the database is not empty: $there tables, indexes and the like are in it" 1

"$(program pg_restore)" --single-transaction --exit-on-error --no-owner --no-privileges --dbname="$place" "$file" ||
  fail "pg_restore failed, and the database is as it was"
# Without it the first queries are planned blindly.
"$(program psql)" --no-psqlrc --quiet --command=ANALYZE "$place" || fail "restored, but ANALYZE failed"
echo "restored $file"
