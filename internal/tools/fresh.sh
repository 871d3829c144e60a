#!/usr/bin/env bash
# Is the generated code in the tree what the tools make of its sources? Compares
# checksums from before and after, so that it can also be asked in a tree with
# other changes. What was stale is fresh afterwards.
set -euo pipefail
cd "$(dirname "$0")/../.."
echo 'verify: generated code'

sums() {
	git ls-files --cached --others --exclude-standard -- '*_templ.go' 'internal/*/internal/*db/*.go' |
		sort -u | while read -r file; do
			if [ -f "$file" ]; then cksum "$file"; fi
		done
}

before=$(sums)
make generate
after=$(sums)
if [ "$before" != "$after" ]; then
	echo 'The generated code was not fresh. It is now; look at it and commit it:'
	diff <(echo "$before") <(echo "$after") | awk '/^[<>]/ { print "  " $NF }' | sort -u
	exit 1
fi
