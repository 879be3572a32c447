#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# amaan-steward opens no socket: it does not even know the calls, and loads no library that speaks to a network.
# sh tests/checks/steward_offline.sh SOURCE_DIR AMAAN_STEWARD
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM
shift
program=$1
nm -D --undefined-only "$program" | sed 's/.* U //; s/@.*//' >"$FOUND.calls"
[ -s "$FOUND.calls" ] || echo "$program shows no calls: mend the search" >>"$FOUND"
if nm "$program" 2>/dev/null | grep -q ' [Tt] __asan_init$'; then
    echo "a program with the sanitizer inside knows every call: skipped" >&2
    exit 77
fi
grep -xE 'socket|socketpair|connect|bind|listen|accept4?|send(to|msg|mmsg)?|recv(from|msg|mmsg)?|getaddrinfo|gethostby.*' \
    "$FOUND.calls" | sed 's/^/calls /' >>"$FOUND" || true
objdump -p "$program" | sed -n 's/.*NEEDED *//p' | grep -E 'zmq|curl|microhttpd|ssl|resolv|nss' |
    sed 's/^/loads /' >>"$FOUND" || true
finish "$(wc -l <"$FOUND.calls")" "the stewards' program stays without a network: do that elsewhere."
