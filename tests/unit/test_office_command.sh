#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sh test_office_command.sh AMAAN_NODE: `amaan-node office` sets up office mode, refuses what would open the page to strangers,
# and the digits that it prints are those that Windows' certutil shows of the file, which are the file's SHA-256.
set -eu
node=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
home=$folder/home
failed=0
refused=0
complain() {
    echo "$*" >&2
    failed=1
}
printf 'seven invented words of a test' >"$folder/right"
printf 'seven other words of a test' >"$folder/wrong"

# office PASSPHRASE ARGUMENTS: its exit code
office() {
    words=$1
    shift
    code=0
    "$node" office "$@" --passphrase-fd 3 "$home" 3<"$folder/$words" >"$folder/out" 2>"$folder/err" || code=$?
}
# refuse CODE SENTENCE PASSPHRASE ARGUMENTS: refused, and nothing was changed
refuse() {
    wanted=$1 sentence=$2
    shift 2
    cp "$home/node.conf" "$folder/before"
    office "$@"
    [ "$code" = "$wanted" ] || complain "office $*: exit $code, not $wanted"
    grep -q "$sentence" "$folder/err" || complain "office $*: says $(cat "$folder/err")"
    cmp -s "$home/node.conf" "$folder/before" || complain "office $*: node.conf was changed"
    refused=$((refused + 1))
}
digits() {
    sed -n 's/^authority //p' "$folder/out" | tr -d ' ' | tr A-F a-f
}

"$node" init --name shelter.peshawar --role shelter --cost floor --passphrase-fd 3 "$home" 3<"$folder/right" \
    >"$folder/out" 2>&1
grep -q 'address = ""' "$home/node.conf" || complain "office mode is not off in a new home"
refuse 1 'served to no desk' right
refuse 77 'no address of a private network' right --address 8.8.8.8
refuse 77 'no address of a private network' right --address 0.0.0.0
refuse 65 'no address of the office' right --address amaan.office.internal
refuse 65 'name is a name such as' right --address 127.0.0.1 --name localhost
refuse 65 'number from 1024' right --address 127.0.0.1 --port 443
refuse 77 'not the passphrase' wrong --address 127.0.0.1
[ ! -e "$home/office.pem" ] || complain "a refused command made papers"

office right --address 127.0.0.1 --name amaan.office.internal --to "$folder/office.crt"
[ "$code" = 0 ] || complain "office: $(cat "$folder/err")"
grep -q '^page      https://amaan.office.internal:8443/$' "$folder/out" || complain "$(cat "$folder/out")"
first=$(digits)
[ "$first" = "$(sha256sum <"$folder/office.crt" | cut -d' ' -f1)" ] || complain "the digits are not the file's"
[ "$(stat -c %a "$home/office.pem" "$home/office.authority" | sort -u)" = 600 ] || complain "papers are open to others"
"$node" check "$home" | grep -q '^office    good$' || complain "check does not find the office good"

office right --port 9443
[ "$(digits)" = "$first" ] || complain "another port made another authority"
office right --address 127.0.0.1
[ "$(digits)" = "$first" ] || complain "the same address made another authority"
office right --off
[ "$code" = 0 ] || complain "--off: exit $code"
[ ! -e "$home/office.pem" ] || complain "--off left the page's key"
[ -e "$home/office.authority" ] || complain "--off took the authority"
office right --off
[ "$code" = 0 ] || complain "--off once more: exit $code"
refuse 1 'served to no desk' right --to "$folder/office.crt"
office right --address 127.0.0.1
[ "$(digits)" = "$first" ] || complain "off and on again made another authority"
office right --new
[ "$(digits)" != "$first" ] || complain "--new made no other authority"
office right --address 127.0.0.2
[ "$code" = 0 ] || complain "another address: $(cat "$folder/err")"
[ -s "$folder/err" ] || complain "another address: nobody is told to install anew"

echo "refused: $refused commands"
exit $failed
