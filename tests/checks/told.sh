#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every setting and every command stands in docs/OPERATIONS.md, and a program's commands in its manual page.
# Settings are read from their tables, commands from the programs' own --help.
# sh tests/checks/told.sh SOURCE_DIR PROGRAM...
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM
shift
book=docs/OPERATIONS.md
: >"$FOUND.told"

# Rows of settings: {"link/endpoint", SETTING_TEXT, ...} or {.name = "link/endpoint", ...}.
files_like '^(common|trust|broker|nodes|steward)/.*\.c$' | while read -r file; do
    grep -q 'struct setting ' "$file" || continue
    KEEP_STRINGS=1 code_of "$file" | sed 's/^[^:]*:[0-9]*://' | tr '\n' ' ' |
        grep -oE '\{[[:space:]]*(\.name[[:space:]]*=[[:space:]]*)?"[a-z0-9-]+/[a-z0-9-]+"' | sed 's/.*"\(.*\)"/\1/'
done | sort -u >"$FOUND.settings"
while read -r name; do
    echo "$name" >>"$FOUND.told"
    grep -qE "(^|[^a-z0-9/-])$name([^a-z0-9/-]|\$)" "$book" || echo "$book does not tell of the setting $name" >>"$FOUND"
done <"$FOUND.settings"
[ -s "$FOUND.settings" ] || echo "no table of settings was found: mend the search" >>"$FOUND"

for program in "$@"; do
    name=$(basename "$program")
    "$program" --help </dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z0-9-]*\) .*/\1/p' >"$FOUND.commands"
    [ -s "$FOUND.commands" ] || echo "$name --help shows no commands" >>"$FOUND"
    page=$(find docs/man -name "$name.[1-8]" 2>/dev/null | head -n 1)
    while read -r command; do
        echo "$name $command" >>"$FOUND.told"
        grep -qE "(^|[^a-z-])$name $command([^a-z-]|\$)" "$book" ||
            echo "$book does not tell of: $name $command" >>"$FOUND"
        if [ -n "$page" ] && ! grep -qE "(^|[^a-z-])$command([^a-z-]|\$)" "$page"; then
            echo "$page does not tell of: $command" >>"$FOUND"
        fi
    done <"$FOUND.commands"
done
finish "$(wc -l <"$FOUND.told")" "write what it does and when to use it where the check says."
