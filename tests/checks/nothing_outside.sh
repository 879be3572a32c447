#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The repository explains itself: it points to nothing outside of it, leaves no marks of unfinished work and
# fetches from no package registry.
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM

all_files | grep -vE '^(tests/checks/nothing_outside\.sh|LICENSE|tests/fuzz/corpus/.*)$' >"$FOUND.files"
look() { # MESSAGE REGEX
    tr '\n' '\0' <"$FOUND.files" | xargs -0 grep -HInE "$2" | cut -c1-160 | sed "s#\$#   <- $1#" >>"$FOUND" || true
}
look 'a place outside of the repository' '\.\./shared|(^|[^A-Za-z0-9_.])/work/|(^|[^A-Za-z0-9_])research/'
look 'unfinished' '(^|[^A-Za-z0-9_])(TODO|FIXME|XXX|HACK)([^A-Za-z0-9_]|$)'
look 'a package registry' 'registry\.npmjs\.org|pypi\.org|crates\.io|proxy\.golang\.org|rubygems\.org|registry-1\.docker\.io|deb\.debian\.org|repo1?\.maven\.org'
finish "$(wc -l <"$FOUND.files")" \
    "cite PROTOCOL.md, docs/ or an RFC; finish the work or leave it out; let the distribution's packages bring libraries."
