#!/bin/sh
# Renews the pictures of README.md from what `make demo` left: pictures.sh SENTINEL DEMO IMAGES
# It needs script(1) and chromium.
set -eu
sentinel=$(realpath "$1")
demo=$(realpath "$2")
images=$(realpath "$3")
cp "$demo/connectionsxcountry.png" "$demo/connectionsxhour.png" "$images/"

# The tables as on a terminal: script(1) gives the program one.
show="analyze --baseline clean.parquet judge.parquet"
(cd "$demo" && COLUMNS=96 TERM=xterm script -qec "$sentinel $show 2>/dev/null" /dev/null) |
	sed '/Downloads over uploads/,$d' |
	go run -C "$(dirname "$0")" ./textpicture "sentinel $show" >"$images/terminal.svg"

# The first screen of the report, for readers of either theme.
screenshot() {
	chromium --headless --no-sandbox --hide-scrollbars --blink-settings=preferredColorScheme="$2" --window-size=1200,1000 \
		--virtual-time-budget=3000 --screenshot="$images/report-$1.png" "file://$demo/report.html" 2>/dev/null
}
screenshot dark 0
screenshot light 1
