#!/bin/sh
# Renews the pictures of README.md from what `make demo` left: pictures.sh SENTINEL DEMO IMAGES
set -eu
sentinel=$(realpath "$1")
images=$(realpath "$3")
cp "$2/connectionsxcountry.png" "$2/connectionsxhour.png" "$images/"

# The tables as on a terminal: script(1) gives the program one.
show="analyze --baseline clean.parquet judge.parquet"
(cd "$2" && COLUMNS=96 TERM=xterm script -qec "$sentinel $show" /dev/null) |
	sed '/Downloads over uploads/,$d' |
	go run -C "$(dirname "$0")" ./textpicture "sentinel $show" >"$images/terminal.svg"
