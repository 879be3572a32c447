#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What npm installs for the browser tests is pinned by version and by the hash of its bytes, and the lock names no place to
# fetch it from: that is the business of whoever installs it. Every package of the lock has its hash.
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"

# findings FILE: lines that name a place, and packages without a hash.
findings() {
    grep -nE '"resolved"|[a-z][a-z0-9+.-]*://|git@' "$1" || true
    awk '/"node_modules\// { name = $1; if (open) print open " has no hash"; open = name }
        /"integrity": "sha512-/ { open = "" }
        END { if (open) print open " has no hash" }' "$1"
}

# The search itself is tried first.
cat >"$FOUND.lock" <<'JSON'
"node_modules/one": { "version": "1.0.0",
"resolved": "one.tgz",
"integrity": "sha512-aaaa"
"node_modules/two": {
JSON
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM
[ "$(findings "$FOUND.lock" | wc -l)" -eq 2 ] || echo "$0 does not see what it is to see" >>"$FOUND"

files_like '(^|/)(package-lock|npm-shrinkwrap)\.json$' >"$FOUND.files"
while read -r file; do
    findings "$file" | sed "s|^|$file: |" >>"$FOUND"
done <"$FOUND.files"
finish "$(wc -l <"$FOUND.files")" "make it anew: npm install --package-lock-only --omit-lockfile-registry-resolved=true"
