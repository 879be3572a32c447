#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# PROTOCOL.md names tests behind its clauses ("Test: name, name"). Each such name stands in tests/.
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM

grep -nE 'Tests?: ' proto/PROTOCOL.md >"$FOUND.marks" || true
files_like '^tests/.*\.(c|sh|txt)$' >"$FOUND.files"
sed 's/^\([0-9]*\):.*Tests\{0,1\}: */\1 /' "$FOUND.marks" | tr -d '`*()[]' | tr ',;' '  ' >"$FOUND.names"
while read -r line names; do
    for name in $names; do
        name=${name%.}
        case $name in and | '') continue ;; esac
        # shellcheck disable=SC2046
        grep -qwF -- "$name" $(cat "$FOUND.files") || [ -e "$name" ] || [ -e "tests/$name" ] ||
            echo "proto/PROTOCOL.md:$line: there is no test $name"
    done
done <"$FOUND.names" >"$FOUND"
finish "$(wc -l <"$FOUND.names")" "name the test by its function, or write the test that the clause deserves."
