#!/usr/bin/env bash
# Runs every test and says in the end which could not run here, and why: tests
# leave their reason in artifacts/skipped.txt. The last lines are go test's own,
# and so is the exit code.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p artifacts
rm -f artifacts/skipped.txt
# The cache knows nothing of PostgreSQL and Chromium, so every test is run anew.
status=0
go test -count=1 ./... 2>&1 | tee artifacts/test.txt || status=$?
if [ -s artifacts/skipped.txt ]; then
	echo
	echo "SKIPPED on this machine:"
	sort -u artifacts/skipped.txt | sed 's/^/  /'
	echo
	grep -E '^(ok|FAIL|---)' artifacts/test.txt || true
fi
exit "$status"
