#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# DP11: what builds, seals or sends letters cannot reach a screening, because it does not link it: none of these
# archives and programs has a symbol of amaan_screening, no file about disclosure includes one of its headers, and
# there is no encoder for a triage, an assessment or an outcome.
# sh tests/checks/dp11_screening_apart.sh SOURCE_DIR SCREENING_ARCHIVE CARE_ARCHIVE ARCHIVE_OR_PROGRAM...
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM
screening=$2
care=$3
shift 3

nm -g --defined-only "$screening" | awk 'NF == 3 { print $3 }' | sort -u >"$FOUND.ours"
for wanted in interview_encode rule_assess outcome_make triage_decide SCR_PK_1; do
    grep -qx "$wanted" "$FOUND.ours" || echo "$screening: $wanted is not seen; is it stripped?" >>"$FOUND"
done
grep -E '^(triage|outcome|rule|assessment)_.*(encode|print|write|format)' "$FOUND.ours" |
    sed 's#$#   <- an encoder of what must not travel#' >>"$FOUND" || true

# Lines "file[:member]: ... symbol", used or defined. Of care only the objects about disclosure.
for file in "$@"; do
    nm -A "$file" 2>/dev/null | awk '{ print $1, $NF }' >"$FOUND.one"
    [ -s "$FOUND.one" ] || echo "$file: no symbol is seen; is it stripped?" >>"$FOUND"
    cat "$FOUND.one" >>"$FOUND.theirs"
done
nm -A "$care" | awk '$1 ~ /:[a-z_]*disclos[a-z_]*\.c\.o:/ { print $1, $NF }' >>"$FOUND.theirs"
awk 'NR == FNR { ours[$1] = 1; next } $2 in ours { print $1 " " $2 "   <- of amaan_screening" }' \
    "$FOUND.ours" "$FOUND.theirs" >>"$FOUND"

headers=$(files_like '^nodes/care/screening/.*\.h$' | sed 's,.*/,,; s,\.,\\.,g' | tr '\n' '|' | sed 's,|$,,')
files_like '^(proto|trust|broker|steward|nodes/(seal|post|roles|office)|nodes/care/.*disclos).*\.[ch]$' |
    grep -v '^nodes/care/screening/' | tr '\n' '\0' |
    xargs -0 grep -HnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*\"($headers)\"" |
    sed 's#$#   <- a header of the screening#' >>"$FOUND" || true
finish "$(wc -l <"$FOUND.theirs")" \
    "hand on an outcome (nodes/care/screening/outcome.h) as values; whoever sends knows no answer sheet."
