#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every stable code that a person may meet has an entry in config/explain/, in English and in Urdu, and no entry is
# without a code. Codes are read from the sources: problems stand behind their HTTP status, the others in tables.
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM

# flat REGEX_OF_FILES: their code with strings, without comments, each file in one line.
flat() {
    files_like "$1" | while read -r file; do
        KEEP_STRINGS=1 code_of "$file" | sed 's/^[^:]*:[0-9]*://' | tr -s '\n\t ' '   '
        echo
    done
}
# table PREFIX FILES: words of rows [PREFIX...] = "word".
table() {
    flat "$2" | grep -oE "\[$1[A-Z0-9_]*\] = \"[a-z][a-z0-9_-]*\"" | sed 's/.*"\(.*\)"/\1/' | sort -u
}

flat '^nodes/.*\.c$' >"$FOUND.nodes"
{
    # problem_say(problem, 404, "word", ...), api_fail(call, 409, "word", ...), {STATUS_X, 400, "word", ...}
    grep -oE '[1-5][0-9][0-9], *"[a-z][a-z0-9-]*"' "$FOUND.nodes"
    # the same with one of two words
    grep -oE '[1-5][0-9][0-9], *[^;"]*\? *"[a-z][a-z0-9-]*" *: *"[a-z][a-z0-9-]*"' "$FOUND.nodes" | grep -oE '"[^"]*"'
    # a code by itself
    grep -oE '(\.|->)code = "[a-z][a-z0-9-]*"' "$FOUND.nodes"
} | sed 's/^[^"]*"\(.*\)"/\1/' | sort -u >"$FOUND.problems"
table ALARM_ '^nodes/.*\.c$' >"$FOUND.alarms"
table REFUSAL_ '^proto/wire/.*\.c$' >"$FOUND.refusals"
table RECEIPT_ '^proto/content/receipt\.c$' >"$FOUND.receipts"
table LETTER_STATE_ '^nodes/post/.*\.c$' >"$FOUND.letters"

looked=0
for kind in problems alarms refusals receipts letters; do
    file=config/explain/$kind.json
    # An entry begins with two blanks, its name and a brace, and its languages stand below it.
    awk '
    /^  "[a-z][a-z0-9_-]*": \{$/ { split($0, part, "\""); name = part[2]; print name; next }
    /^    "(eng|urd)": ".+"/ { split($0, part, "\""); has[name, part[2]] = 1; next }
    /^  \}/ {
        if (!((name, "eng") in has)) print name ": no English" >"/dev/stderr"
        if (!((name, "urd") in has)) print name ": no Urdu" >"/dev/stderr"
    }' "$file" 2>"$FOUND.half" | sort >"$FOUND.entries"
    [ -s "$FOUND.$kind" ] || echo "no $kind were found in the sources: mend the search" >>"$FOUND"
    sed "s|^|$file: |" "$FOUND.half" >>"$FOUND"
    uniq -d "$FOUND.entries" | sed "s|^|$file: twice: |" >>"$FOUND"
    sort -u "$FOUND.entries" >"$FOUND.once"
    comm -23 "$FOUND.$kind" "$FOUND.once" | sed "s|^|$file: no entry for: |" >>"$FOUND"
    comm -13 "$FOUND.$kind" "$FOUND.once" | sed "s|^|$file: no code in the sources for: |" >>"$FOUND"
    looked=$((looked + $(wc -l <"$FOUND.$kind")))
done
finish "$looked" "write the entry in the file named (what happened, what is safe, what to do), or remove it."
