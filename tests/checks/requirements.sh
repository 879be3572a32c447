#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The requirements of data protection and their tests: docs/REQUIREMENTS.md says which test asserts what. A test of a
# requirement carries its number: dp05__no_encoded_byte_... in C, a line "# DP01: what it asserts" in a script ("// DP29: ..." in one
# of the browser).
# sh tests/checks/requirements.sh [SOURCE_DIR [--list]]: checks; with --list prints number, test and what it asserts.
#
# - every number below stands once in the table;
# - a row names its tests, and all of them exist and carry its number; or it says "no test yet", and none exists.
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM
book=docs/REQUIREMENTS.md
numbers="01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30"

# number|name|file|what it asserts, of all tests.
files_like '^tests/.*\.c$' | while read -r file; do
    # A definition: at the beginning of a line or behind "void". Lists of tests name it again.
    grep -hoE '^((static )?void )?dp[0-9][0-9]__[a-z0-9_]+\(' "$file" | grep -oE 'dp[0-9][0-9]__[a-z0-9_]+' |
        sort -u | while read -r name; do
        number=${name#dp}
        printf '%s|%s|%s|%s\n' "${number%%__*}" "$name" "$file" "$(echo "${name#dp??__}" | tr '_' ' ')"
    done
done >"$FOUND.tests"
files_like '^tests/.*\.sh$|^tests/browser/test_.*\.mjs$' | while read -r file; do
    sed -n "s#^\(\#\|//\) DP\([0-9][0-9]\): \(.*\)#\2|$(basename "$file")|$file|\3#p" "$file"
done >>"$FOUND.tests"
sort -o "$FOUND.tests" "$FOUND.tests"

# Rows of the table: number|requirement|third column.
sed -n 's/^| DP\([0-9][0-9]\) | \(.*\) | \(.*\) |$/\1|\2|\3/p' "$book" >"$FOUND.rows"

if [ "${2:-}" = --list ]; then
    while IFS='|' read -r number requirement _; do
        printf 'DP%s  %s\n' "$number" "$requirement"
        grep "^$number|" "$FOUND.tests" >"$FOUND.of" || true
        [ -s "$FOUND.of" ] || echo '      no test yet'
        while IFS='|' read -r _ name file asserts; do
            printf '      %s (%s)\n          %s\n' "$name" "$file" "$asserts"
        done <"$FOUND.of"
    done <"$FOUND.rows"
    exit 0
fi

for number in $numbers; do
    n=$(grep -c "^$number|" "$FOUND.rows" || true)
    [ "$n" = 1 ] || echo "$book: DP$number stands there $n times, not once"
    told=$(sed -n "s/^$number|.*|//p" "$FOUND.rows" | head -n 1)
    printf '%s\n' "$told" | grep -oE '`[^`]+`' | tr -d '`' >"$FOUND.told" || true
    sed -n "s/^$number|\([^|]*\)|.*/\1/p" "$FOUND.tests" >"$FOUND.there"
    while read -r name; do
        grep -qxF -- "$name" "$FOUND.there" || echo "$book: DP$number names $name, and there is no such test with its number"
    done <"$FOUND.told"
    while read -r name; do
        grep -qxF -- "$name" "$FOUND.told" ||
            echo "$book: DP$number is to name \`$name\` of $(grep "^$number|$name|" "$FOUND.tests" | cut -d'|' -f3 | head -n 1)"
    done <"$FOUND.there"
    if [ ! -s "$FOUND.told" ] && [ "$told" != 'no test yet' ]; then
        echo "$book: DP$number names no test; if there is none, it says: no test yet"
    fi
done >"$FOUND"
finish "$(wc -l <"$FOUND.rows")" "put the tests into the row, or write the test that the row names."
