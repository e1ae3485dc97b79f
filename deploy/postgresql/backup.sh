#!/bin/sh
# Saves a whole database into one file, while the service goes on: what was there at one moment, compressed.
# Usage: backup.sh FILE [URL]      (without a URL: THOTH_DATABASE)
# FILE is replaced only when the new one is complete. pg_dump must not be older than the server.
set -eu
# shellcheck source-path=SCRIPTDIR source=connection.sh
. "$(dirname "$0")/connection.sh"

[ $# -ge 1 ] && [ $# -le 2 ] || fail "usage: backup.sh FILE [URL]" 2
file=$1
connect "${2:-}"

# It holds tokens' digests and what people asked: nobody else reads it.
umask 077
part=$file.part
trap 'rm -f "$part"' EXIT
trap 'exit 130' INT TERM
"$(program pg_dump)" --format=custom --no-owner --no-privileges --file="$part" "$place" || fail "pg_dump failed"
entries=$("$(program pg_restore)" --list "$part" | grep -c '^[0-9]') || fail "what was saved cannot be read"
mv "$part" "$file"
echo "$file: $(wc -c <"$file" | tr -d ' ') bytes, $entries entries"
