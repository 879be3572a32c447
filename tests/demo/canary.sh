#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# DP01: after a demo no word of a referral stands readable in the broker's folder, any log or any node's database
# canary.sh BUILD_DIR: runs the demo once, keeping what it leaves, locks every node, and looks for words of the
# demo's referrals in the broker's folder, all logs and the nodes' databases: plain, in hex, in base64 at all
# three offsets. 0 hits, and the words must have been looked for: the count is printed.
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
keep=$(mktemp -d)
trap 'rm -rf "$keep"' EXIT
mkdir "$keep/demo"
sh "$here/demo.sh" "$build" --once --keep "$keep/demo" >"$keep/told" || {
    cat "$keep/told"
    exit 1
}
cat "$keep/told"
tail -n 1 "$keep/told" | grep -q 'referrals=8 answered=8 receipts_verified=8 stories=2 steps=76 ' || {
    echo "canary: the demo did not do all that it is to do" >&2
    exit 1
}

# Words of eight letters and more from the notes: invented, so they can come from nowhere else. References too.
sed -n 's/.*"note": *"\(.*\)".*/\1/p; s/.*"safe_contact": *"\(.*\)".*/\1/p; s/.*{"name":"\([^"]*\)".*/\1/p' "$here"/../../config/demo/*.json "$here"/story.sh |
    tr -cs 'A-Za-z' '\n' | awk 'length($0) >= 8' | sort -u >"$keep/words"
looked=0 hits=0
look() { # look BYTES-AS-TEXT
    looked=$((looked + 1))
    if grep -r -a -q -i -F -e "$1" "$keep/demo/broker" "$keep/demo/logs" "$keep/demo/nodes"; then
        hits=$((hits + 1))
        echo "canary: '$1' stands readable in:" >&2
        grep -r -a -l -i -F -e "$1" "$keep/demo/broker" "$keep/demo/logs" "$keep/demo/nodes" >&2 || :
    fi
}
while read -r word; do
    look "$word"
    look "$(printf '%s' "$word" | od -An -v -tx1 | tr -d ' \n')"
    for pad in '' x xx; do
        # The middle of the base64 text does not depend on what stands around the word.
        text=$(printf '%s%s' "$pad" "$word" | base64 -w0 | tr -d '=')
        look "$(printf '%s' "$text" | cut -c5-$((${#text} - 2)))"
    done
done <"$keep/words"
echo "canary: words=$(wc -l <"$keep/words") looked=$looked hits=$hits"
[ "$looked" -gt 0 ] && [ "$hits" -eq 0 ]
