#!/usr/bin/env bash
# Are Go files and pages written the way gofmt and templ fmt write them?
set -euo pipefail
cd "$(dirname "$0")/../.."

wrong=$(git ls-files --cached --others --exclude-standard -- '*.go' | sort -u |
	while read -r file; do if [ -f "$file" ]; then echo "$file"; fi; done | xargs gofmt -l)
if [ -n "$wrong" ]; then
	echo 'not as gofmt writes it:'
	echo "$wrong" | sed 's/^/  /'
	exit 1
fi
# templ fmt also mends what it finds, and then fails.
if ! go tool -modfile=internal/tools/templ/go.mod templ fmt -fail -log-level error internal; then
	echo 'some pages were not as templ fmt writes them. They are now; look at them and commit them.'
	exit 1
fi
