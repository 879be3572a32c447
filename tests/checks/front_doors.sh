#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each foreign library has one front door: its header is included in one folder only, so that swapping,
# auditing and faking it concern one folder.
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"

# header: folders that may include it (a bar between several)
doors() {
    cat <<'TABLE'
sodium\.h common/vault/
sodium/.* common/vault/
sqlite3\.h common/store/|tests/support/
czmq.*\.h common/link/|common/settings/
zmq\.h common/link/|common/settings/|tests/support/
zconfig\.h common/settings/
microhttpd\.h common/http/
gnutls/.* common/tls/|tests/support/
jansson\.h common/json/
curl/.* nodes/client/
libsmartcols.* nodes/client/
protobuf-c/.* proto/
.*\.pb-c\.h proto/
qrencode\.h nodes/web/|tests/unit/test_qr
uni[a-z]*\.h nodes/care/
cmocka\.h tests/
TABLE
}

# tests/bench/peers speaks to other projects' brokers with their own libraries, on purpose.
files=$(files_like '^(common|proto|trust|broker|nodes|steward|tests)/.*\.[ch]$' | grep -v '^tests/bench/peers/')
# shellcheck disable=SC2086  # our file names have no spaces
grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]' $files >"$FOUND.all"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM
doors | while read -r header folders; do
    grep -E "include[[:space:]]*[<\"]${header}[>\"]" "$FOUND.all" | grep -vE "^($folders)" |
        sed "s#\$#   (its door: $folders)#" || true
done | grep -vE ':.*<unistd\.h>' >"$FOUND" || true
finish "$(wc -l <"$FOUND.all")" \
    "ask the module behind the library's front door for what you need, and widen its header if it lacks it."
