#!/bin/sh
# Makes sure that browser tests have what they need: a Chromium (or Chrome) and
# axe-core. It installs only what is missing. What it cannot get, it says aloud,
# and the tests that need it are skipped with the same reason.
set -eu
cd "$(dirname "$0")/../.."

axe_version=4.14.1
axe_sha256=e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
axe_file=.cache/axe/axe.min.js

say() { echo "browser tests: $*"; }

# The same places as Find in internal/print looks in.
find_browser() {
	if [ -n "${CHROMIUM:-}" ]; then
		command -v "$CHROMIUM" >/dev/null 2>&1
		return
	fi
	for name in chromium chromium-browser google-chrome google-chrome-stable chrome headless-shell; do
		command -v "$name" >/dev/null 2>&1 && return 0
	done
	for path in "/Applications/Chromium.app/Contents/MacOS/Chromium" \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
		[ -x "$path" ] && return 0
	done
	return 1
}

# as_root runs a command as root where that needs no password.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
		sudo -n "$@"
	else
		return 1
	fi
}

install_browser() {
	command -v apt-get >/dev/null 2>&1 || return 1
	as_root true || return 1
	say "installing chromium (about 125 MB, once)"
	log=$(mktemp)
	packages="chromium chromium-common"
	# shellcheck disable=SC2086 # two packages, two words
	if as_root env DEBIAN_FRONTEND=noninteractive sh -c "
		apt-get install -y --no-install-recommends $packages ||
		{ apt-get update && apt-get install -y --no-install-recommends $packages; }" >"$log" 2>&1; then
		rm -f "$log"
		return 0
	fi
	tail -n 5 "$log"
	rm -f "$log"
	return 1
}

checksum() {
	if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

if [ -n "${CHROMIUM:-}" ] && ! find_browser; then
	say "SKIPPED: CHROMIUM=$CHROMIUM is no program that can be run here."
elif ! find_browser; then
	if ! install_browser || ! find_browser; then
		say "SKIPPED: no Chromium or Chrome on this machine, and it could not be installed (needs apt-get as root or by sudo without password). Install one, or set CHROMIUM to its path."
	fi
fi

if [ ! -s "$axe_file" ]; then
	if ! command -v npm >/dev/null 2>&1; then
		say "SKIPPED: axe-core $axe_version is not in .cache/axe, and npm is not here to fetch it."
		exit 0
	fi
	tmp=$(mktemp -d)
	trap 'rm -rf "$tmp"' EXIT
	if ! npm pack --silent --pack-destination "$tmp" "axe-core@$axe_version" >"$tmp/log" 2>&1; then
		tail -n 5 "$tmp/log"
		say "SKIPPED: npm could not fetch axe-core $axe_version."
		exit 0
	fi
	package=$tmp/axe-core-$axe_version.tgz
	if [ "$(checksum "$package")" != "$axe_sha256" ]; then
		say "axe-core $axe_version does not have the checksum it should have; refusing to run it"
		exit 1
	fi
	mkdir -p .cache/axe
	tar -xzf "$package" -C "$tmp"
	cp "$tmp/package/LICENSE" .cache/axe/LICENSE
	# Moved into place last, so that half a file is never taken for a whole one.
	cp "$tmp/package/axe.min.js" "$axe_file.new"
	mv "$axe_file.new" "$axe_file"
	say "fetched axe-core $axe_version into .cache/axe"
fi
