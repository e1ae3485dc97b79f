# shellcheck shell=sh
# Sourced by backup.sh and restore.sh. Sets `place` to the URL of the database without its password, which goes into
# PGPASSWORD, where no list of processes shows it.

fail() {
  echo "error: $1" >&2
  exit "${2:-3}"
}

# Text with %XX in it, as URLs have it.
decode() {
  printf '%s' "$1" | LC_ALL=C awk '
    BEGIN { hex = "0123456789abcdef" }
    {
      line = $0
      while (match(line, /%[0-9A-Fa-f][0-9A-Fa-f]/)) {
        digits = tolower(substr(line, RSTART + 1, 2))
        code = (index(hex, substr(digits, 1, 1)) - 1) * 16 + index(hex, substr(digits, 2, 1)) - 1
        printf "%s%c", substr(line, 1, RSTART - 1), code
        line = substr(line, RSTART + 3)
      }
      printf "%s", line
    }'
}

connect() {
  url=${1:-${THOTH_DATABASE:-}}
  case $url in
    postgres://*/* | postgresql://*/*) ;;
    "") fail "name a database: THOTH_DATABASE=postgresql://USER@HOST/NAME" 2 ;;
    *) fail "the database is no \`postgresql://…/NAME\` URL" 2 ;;
  esac
  rest=${url#*://}
  # A password may hold neither of these unless it is written as %XX.
  authority=${rest%%[/?]*}
  case $authority in
    *:*@*)
      user=${authority%%:*}
      secret=${authority#*:}
      secret=${secret%@*}
      PGPASSWORD=$(decode "$secret")
      export PGPASSWORD
      place=postgresql://$user@${authority##*@}${rest#"$authority"}
      ;;
    *) place=$url ;;
  esac
  export PGCONNECT_TIMEOUT="${PGCONNECT_TIMEOUT:-10}"
}

# Folder of the programs of PostgreSQL, if it is not on the PATH: PGBIN=/usr/lib/postgresql/17/bin
program() {
  printf '%s' "${PGBIN:+$PGBIN/}$1"
}
