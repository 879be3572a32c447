#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Holds the arrows of docs/DESIGN.md: who may include whose headers. The build enforces the same by include
# folders; this says it in one table, also for what CMake would pass on from layer to layer.
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"

# folder: the folders whose headers it may include (its own always). The wings of common do not know each
# other, but for http, which is served by link's loop.
arrows() {
    cat <<'TABLE'
common/base:
common/vault: common/base
common/store: common/base
common/link: common/base
common/settings: common/base
common/json: common/base
common/tls: common/base
common/http: common/link common/base
proto/wire: common/base
proto/places: common/base
proto/content: proto/places proto/wire common/vault common/base
trust: proto/wire common/vault common/store common/base
nodes/seal: trust proto/content proto/wire common/vault common/base
nodes/post: nodes/seal trust proto/content proto/wire common/vault common/store common/base
nodes/roles: proto/content proto/wire common/base
nodes/care/screening: common/json common/base
nodes/care/disclosure: proto/content proto/wire common/vault common/json common/base
nodes/care/matching: nodes/roles proto/places proto/content proto/wire common/base
nodes/care: nodes/care/disclosure nodes/care/screening nodes/roles nodes/seal trust proto/content proto/wire common/vault common/store common/json common/base
nodes/care/statistics: nodes/care proto/content common/base
nodes/office: nodes/roles nodes/seal trust proto/content proto/wire common/vault common/store common/json common/base
nodes/desk: proto/places nodes/post nodes/care/matching nodes/care/statistics nodes/care/disclosure nodes/care/screening nodes/care nodes/office nodes/roles nodes/seal trust proto/content proto/wire common/vault common/store common/json common/base
nodes/api: nodes/desk common/json common/http common/base
nodes/web/page: common/json common/base
nodes/web: nodes/web/page nodes/desk common/vault common/json common/http common/base
nodes/examine: nodes/desk common/json common/base
nodes/client: nodes/examine nodes/desk common/json common/base
nodes: nodes/examine nodes/api nodes/web nodes/desk nodes/post nodes/care nodes/office nodes/roles nodes/seal trust proto/content proto/wire common/vault common/store common/link common/settings common/json common/http common/tls common/base
broker: trust proto/wire common/vault common/store common/link common/settings common/json common/http common/base
steward: trust proto/places proto/content proto/wire common/vault common/store common/settings common/json common/base
TABLE
}

# These would pass the table, because they stand in a folder that is needed for other headers: the client knows the
# table of verbs and nothing else of the desk.
never() {
    cat <<'TABLE'
broker hpke.h
broker box.h
nodes/client desk.h
nodes/client inside.h
nodes/client problem.h
nodes/examine desk.h
nodes/examine inside.h
TABLE
}

files_like '^(common|proto|trust|broker|nodes|steward|tests)/.*\.[ch]$' >"$FOUND.files"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM
arrows >"$FOUND.arrows"
never >"$FOUND.never"
tr '\n' '\0' <"$FOUND.files" | xargs -0 grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' |
    sed 's/#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/' >"$FOUND.includes"

awk -F: '
function folder_of(path,   best, f) {
    best = ""
    for (f in known)
        if (index(path, f "/") == 1 && length(f) > length(best)) best = f
    if (best == "" && index(path, "tests/") == 1) best = "tests"
    return best
}
FILENAME ~ /arrows$/ {
    known[$1] = 1
    n = split($2, words, " ")
    for (i = 1; i <= n; i++) may[$1, words[i]] = 1
    next
}
FILENAME ~ /never$/ { split($0, words, " "); never[words[1], words[2]] = 1; next }
FILENAME ~ /files$/ {
    if ($0 !~ /\.h$/) next
    name = $0; sub(/.*\//, "", name)
    homes[name] = homes[name] " " folder_of($0)
    next
}
{
    from = folder_of($1); name = $3; gsub(/[ \t]/, "", name)
    if (from == "tests") next
    if (from == "") { print $1 ":" $2 ": this folder has no row in the table of arrows"; next }
    if ((from, name) in never) { print $1 ":" $2 ": " from " must not include " name; next }
    if (name ~ /\//) { print $1 ":" $2 ": includes \"" name "\" by a path"; next }
    if (name ~ /\.pb-c\.h$/) {
        if (from !~ /^proto\//) print $1 ":" $2 ": generated " name " outside of proto"
        next
    }
    if (name == "pages.h" && from == "nodes/web") next # made by pagec
    if (name ~ /\.data\.h$/) next # made by amaan_embed, seen by its own target only
    if (!(name in homes)) { print $1 ":" $2 ": there is no header " name; next }
    n = split(homes[name], where, " "); good = 0
    for (i = 1; i <= n; i++) if (where[i] == from || (from, where[i]) in may) good = 1
    if (!good) print $1 ":" $2 ": " from " must not include " name " of" homes[name]
}' "$FOUND.arrows" "$FOUND.never" "$FOUND.files" "$FOUND.includes" >"$FOUND"

finish "$(wc -l <"$FOUND.includes")" \
    "include only what lies below (docs/DESIGN.md, section 3), or move the code to the layer that may know it."
