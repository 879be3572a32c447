#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SQL lives in store modules only. A store is named in stores.txt and includes "db.h"; it decides nothing.
# A ...schema.c is the script of its folder's tables.
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM

# knows_db FILE: it includes db.h, or headers of its own folder lead there.
knows_db() {
    seen=" " todo=$1
    while [ -n "$todo" ]; do
        next=${todo%% *}
        case $todo in *' '*) todo=${todo#* } ;; *) todo= ;; esac
        case $seen in *" $next "*) continue ;; esac
        seen="$seen$next "
        [ -f "$next" ] || continue
        if grep -q '^#include "db\.h"' "$next"; then return 0; fi
        for header in $(sed -n 's/^#include "\(.*\)"/\1/p' "$next"); do
            todo="$todo${todo:+ }$(dirname "$1")/$header"
        done
    done
    return 1
}

stores=$(cat "$HERE/stores.txt")
files=$(files_like '^(common|proto|trust|broker|nodes|steward)/.*\.[ch]$')
# shellcheck disable=SC2086
KEEP_STRINGS=1 code_of $files |
    grep -E '"[^"]*(SELECT |INSERT (OR [A-Z]+ )?INTO|UPDATE [a-z_]+ SET|DELETE FROM|CREATE (TABLE|INDEX|UNIQUE|TRIGGER|VIEW)|DROP (TABLE|INDEX)|ALTER TABLE|PRAGMA |BEGIN IMMEDIATE|VACUUM)' \
    >"$FOUND.sql" || true
cut -d: -f1 "$FOUND.sql" | sort -u >"$FOUND.with"
while read -r file; do
    case $file in common/store/*) continue ;; esac
    if ! printf '%s\n' "$stores" | grep -qxF "$file"; then
        grep -F "$file:" "$FOUND.sql" | head -n 1 | cut -c1-140 | sed 's#$#   <- is no store of stores.txt#' >>"$FOUND"
    elif [ "${file%schema.c}" = "$file" ] && ! knows_db "$file"; then
        echo "$file: is a store, but knows no database: it does not include \"db.h\"" >>"$FOUND"
    fi
done <"$FOUND.with"
printf '%s\n' "$stores" | grep -vE '^(#|$)' | while read -r file; do
    if [ ! -f "$file" ]; then echo "tests/checks/stores.txt names $file, which is not there"; fi
done >>"$FOUND"
finish "$(wc -l <"$FOUND.sql")" \
    "move the statement into the store that owns the table; a new store is one more line of tests/checks/stores.txt."
