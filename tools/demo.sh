#!/bin/sh
# Makes two days of an invented network, one clean and one with planted attacks, and analyses the second.
# demo.sh SENTINEL DIRECTORY
set -eu
sentinel=$(realpath "$1")
rm -rf "$2"
mkdir -p "$2"
cd "$2"

step() { printf '\n$ sentinel %s\n' "$*"; "$sentinel" "$@"; }

step version
step generate --kind clean --day 0 clean.parquet
step generate --kind judge --day 1 judge.parquet
step analyze --baseline clean.parquet -o --report html --reproducible judge.parquet

cat <<EOF

Now open, in $2/:
  report.html              the report of judge.parquet, in a browser
  report.md                the same as Markdown
  connectionsxcountry.png  its pictures
  connectionsxhour.png
  judge.truth.json         which attacks are in judge.parquet
Then try: bin/sentinel analyze CAPTURE
     and: bin/sentinel serve $2/judge.parquet
EOF
