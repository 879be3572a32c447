#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The ceremony of three stewards, of whom two must sign, with the program itself (PROTOCOL.md 5a).
# sh tests/unit/steward.sh AMAAN_STEWARD MAKE_JOIN      (MAKE_JOIN NAME ROLES SEED FILE writes a join request)
set -eu
steward=$1 make_join=$2
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
trap 'exit 130' INT TERM
cd "$home"
count=0

fail() {
    echo "FAILED: $test: $*" >&2
    sed 's/^/    out: /' out >&2
    sed 's/^/    err: /' err >&2
    exit 1
}
# it SENTENCE: names the test that follows.
it() {
    test=$* count=$((count + 1))
    echo "$count $test"
}
# exits CODE COMMAND...
exits() {
    wanted=$1
    shift
    code=0
    "$@" >out 2>err </dev/null || code=$?
    [ "$code" -eq "$wanted" ] || fail "exit $code, not $wanted: $*"
}
# with WORDS CODE COMMAND...: as exits, the passphrase on file descriptor 3.
with() {
    words=$1 wanted=$2
    shift 2
    code=0
    printf '%s\n' "$words" >pass
    "$@" --passphrase-fd 3 >out 2>err </dev/null 3<pass || code=$?
    [ "$code" -eq "$wanted" ] || fail "exit $code, not $wanted: $*"
}
# day N: so many days from now.
day() { date -u -d "@$(($(date +%s) + $1 * 86400))" +%Y-%m-%dT%H:%M:%SZ; }
says() { grep -qF -- "$1" out || fail "does not say: $1"; }
complains() { grep -qF -- "$1" err || fail "does not complain: $1"; }
# absent FILE...: none of them was written.
absent() {
    for file in "$@"; do [ ! -e "$file" ] || fail "$file was written"; done
}
same() { cmp -s "$1" "$2" || fail "$1 was changed"; }
words_a="seven invented words of a" words_b="seven invented words of b" words_c="seven invented words of c"
sign_a() { with "$words_a" 0 "$steward" sign --yes --key a.key "$@"; }
sign_b() { with "$words_b" 0 "$steward" sign --yes --key b.key "$@"; }
sign_c() { with "$words_c" 0 "$steward" sign --yes --key c.key "$@"; }

it "key_new__writes_a_private_file_and_tells_the_public_key"
with "$words_a" 0 "$steward" key new --cost floor --out a.key
says "public key: "
[ "$(stat -c %a a.key)" = 600 ] || fail "mode $(stat -c %a a.key)"
with "$words_b" 0 "$steward" key new --cost floor --out b.key --json
says '{"public_key":"'
with "$words_c" 0 "$steward" key new --cost 3,64 --out c.key
with "$words_c" 0 "$steward" key new --cost floor --out d.key
exits 0 "$steward" key show --public a.key
grep -qE '^[0-9a-f]{64}$' out || fail "not a bare key"
key_a=$(cat out)
exits 0 "$steward" key show a.key
says "$key_a"
[ "$(grep -cF "$words_a" a.key)" = 0 ] || fail "the passphrase is in the file"

it "key_new__overwrites_nothing_and_refuses_what_is_weak"
cp a.key before
with "$words_b" 73 "$steward" key new --cost floor --out a.key
same a.key before
with "short" 77 "$steward" key new --cost floor --out e.key
complains "at least 12 letters"
with "$words_a" 65 "$steward" key new --cost 2,64 --out e.key
with "$words_a" 65 "$steward" key new --cost 3,63 --out e.key
exits 69 setsid "$steward" key new --cost floor --out e.key
complains "--passphrase-fd"
absent e.key

it "key_new__takes_no_passphrase_from_the_command_line_or_the_environment"
exits 64 "$steward" key new --passphrase "$words_a" --out e.key
AMAAN_PASSPHRASE=$words_a PASSPHRASE=$words_a exits 69 setsid "$steward" key new --cost floor --out e.key
with "$words_a" 65 "$steward" key new --cost floor --out -
absent e.key -

it "key_check__knows_a_wrong_passphrase_and_a_changed_file"
with "$words_a" 0 "$steward" key check a.key
with "$words_b" 77 "$steward" key check a.key
complains "passphrase is wrong"
sed '3{s/f$/0/;t
    s/.$/f/
}' a.key >broken.key
chmod 600 broken.key
with "$words_a" 77 "$steward" key check broken.key
sed '2s/public ../public 00/' a.key >broken.key
with "$words_a" 65 "$steward" key check broken.key
chmod 644 broken.key
with "$words_a" 77 "$steward" key check broken.key
complains "chmod 600"
head -c 100 a.key >broken.key
exits 65 "$steward" key show broken.key
exits 66 "$steward" key show nothing.key
ln -s a.key link.key
with "$words_a" 77 "$steward" key check link.key

it "key_change__keeps_the_key_under_a_new_passphrase"
printf '%s\n' "eight other words for the same key" >pass2
with "$words_c" 0 "$steward" key change --cost floor --out c2.key --new-passphrase-fd 4 c.key 4<pass2
with "eight other words for the same key" 0 "$steward" key check c2.key
with "$words_c" 77 "$steward" key check c2.key
exits 0 "$steward" key show --public c.key
cp out c.public
exits 0 "$steward" key show --public c2.key
same out c.public

it "root_new__is_a_draft_until_two_of_three_have_signed"
exits 65 "$steward" root new --steward a.key --steward b.key --threshold 3 --out root.amaan
exits 65 "$steward" root new --steward a.key --steward b.key --threshold 0 --out root.amaan
exits 73 "$steward" root new --steward a.key --steward "$key_a" --threshold 1 --out root.amaan
exits 64 "$steward" root new --threshold 1 --out root.amaan
exits 65 "$steward" root new --steward abcd --threshold 1 --out root.amaan
complains "64 hex digits"
exits 0 "$steward" root new --steward "$key_a" --steward b.key --steward c.key --threshold 2 \
    --created "$(day -24)" --out root.amaan
says "threshold: 2"
says "practice: no"
exits 1 "$steward" verify root.amaan
says "complete: no"
sign_a root.amaan
says "1 of 2 needed signatures"
exits 1 "$steward" verify root.amaan
cp root.amaan once
sign_a root.amaan
same root.amaan once
sign_b --root root.amaan root.amaan
says "2 of 2 needed signatures: complete"
exits 0 "$steward" verify root.amaan

it "root_new__says_of_a_practice_network_that_nothing_in_it_is_real"
exits 0 "$steward" root new --practice --steward a.key --steward b.key --steward c.key --threshold 2 \
    --created "$(day -24)" --out practice.amaan
says "practice: yes"

it "root_new__warns_of_thresholds_that_one_key_decides_and_dry_run_writes_nothing"
exits 0 "$steward" root new --dry-run --steward a.key --steward b.key --threshold 1 --out dry.amaan
complains "one stolen key"
exits 0 "$steward" root new --dry-run --steward a.key --steward b.key --threshold 2 --out dry.amaan
complains "one lost key"
absent dry.amaan
exits 0 "$steward" root new --steward d.key --steward a.key --threshold 1 --created "$(day -24)" --out other.amaan
sign_a other.amaan

it "sign__refuses_a_stranger_and_a_wrong_passphrase_and_changes_nothing"
cp root.amaan before
with "$words_c" 77 "$steward" sign --yes --key d.key root.amaan
complains "none of the stewards'"
with "$words_a" 77 "$steward" sign --yes --key c.key root.amaan
complains "passphrase is wrong"
exits 69 setsid "$steward" sign --key a.key root.amaan
complains "--yes"
with "$words_c" 65 "$steward" sign --yes --key c.key -
exits 0 "$steward" sign --dry-run --key c.key root.amaan
complains "Nothing was signed"
same root.amaan before

it "sign__follows_no_link_and_takes_no_left_over_away"
ln -s root.amaan link.amaan
with "$words_c" 77 "$steward" sign --yes --key c.key link.amaan
complains "symbolic link"
echo precious >root.amaan.new
with "$words_c" 73 "$steward" sign --yes --key c.key root.amaan
complains "root.amaan.new"
[ "$(cat root.amaan.new)" = precious ] || fail "a file was taken away"
rm root.amaan.new
same root.amaan before

it "sign__on_a_full_disk_leaves_the_old_file_whole"
printf '%s\n' "$words_c" >pass
{
    trap '' XFSZ
    ulimit -f 0
    code=0
    "$steward" sign --yes --key c.key --passphrase-fd 3 root.amaan 3<pass 2>&1 || code=$?
    echo "code $code"
} | cat >out
says "code 75"
says "cannot write"
same root.amaan before
[ ! -e root.amaan.new ] || fail "half a file is left"

it "show__tells_of_every_file_by_what_it_begins_with"
"$make_join" shelter.invented-town 2 1 shelter.join
"$make_join" clinic.invented-town 4 2 clinic.join
"$make_join" fia.invented-gate 1 3 fia.join
exits 0 "$steward" show shelter.join
says "name: shelter.invented-town"
digits_shelter=$(sed -n 's/^fingerprint: //p' out)
exits 0 "$steward" show --json clinic.join
says '"roles":["medical"]'
digits_clinic=$(sed 's/.*"fingerprint":"\([0-9 ]*\)".*/\1/' out)
exits 0 "$steward" show a.key
says "$key_a"
exits 0 "$steward" show root.amaan
says "threshold: 2"
head -c 60 root.amaan >short
exits 65 "$steward" show short
cat root.amaan short >longer
exits 65 "$steward" show --json longer # half a truth is none
[ ! -s out ] || fail "something was shown"
code=0
"$steward" show - <root.amaan >out 2>err || code=$?
[ $code -eq 0 ] || fail "show -: $code"
says "threshold: 2"
code=0
"$steward" verify --json - <root.amaan >out 2>err || code=$?
[ $code -eq 0 ] || fail "verify -: $code"
says '"fingerprint":"'
code=0
"$steward" show - </dev/null >out 2>err || code=$?
[ $code -eq 65 ] || fail "show of nothing: $code"
exits 77 "$steward" show link.amaan
"$steward" show root.amaan >/dev/full 2>err && fail "an output that was lost is no success"

it "roster_new__admits_nobody_whose_fingerprint_differs"
outputs="--out-roster roster.amaan --out-profiles profiles.amaan --out-plain profiles.plain"
# shellcheck disable=SC2086 # the outputs are meant to be split, here and below
exits 77 "$steward" roster new --protocol isp-1:2999-12-31 --root root.amaan --admit shelter.join --fingerprint "$digits_clinic" $outputs
complains "Do not admit it"
# shellcheck disable=SC2086
exits 69 setsid "$steward" roster new --protocol isp-1:2999-12-31 --root root.amaan --admit shelter.join $outputs
sed '3{s/^f/0/;t
    s/^./f/
}' shelter.join >forged.join
# shellcheck disable=SC2086
exits 65 "$steward" roster new --protocol isp-1:2999-12-31 --root root.amaan --admit forged.join --fingerprints-compared $outputs
absent roster.amaan profiles.plain

it "roster_new__refuses_a_request_whose_name_imitates_a_member"
"$make_join" she1ter.invented-town 2 50 imitation.join
"$make_join" shelter.invented-town 2 51 twin.join
for name in imitation twin; do
    # shellcheck disable=SC2086
    exits 73 "$steward" roster new --protocol isp-1:2999-12-31 --root root.amaan --admit shelter.join --admit $name.join \
        --fingerprints-compared $outputs
    complains "shelter.invented-town"
    absent roster.amaan profiles.plain
done

it "roster_new__writes_three_files_or_none"
exits 65 "$steward" roster new --protocol isp-1:2999-12-31 --root root.amaan --admit shelter.join --fingerprints-compared \
    --out-roster same.amaan --out-profiles same.amaan --out-plain same.plain
complains "three different names"
mkdir folder
exits 74 "$steward" roster new --protocol isp-1:2999-12-31 --root root.amaan --admit shelter.join --fingerprints-compared \
    --out-roster nowhere/roster.amaan --out-profiles folder/profiles.amaan --out-plain folder/profiles.plain
complains "no file of this edition was written"
[ -z "$(ls folder)" ] || fail "half an edition is there"
# shellcheck disable=SC2086
exits 0 "$steward" roster new --protocol isp-1:2999-12-31 --dry-run --root root.amaan --admit shelter.join --fingerprints-compared $outputs
says "change: admitted"
complains "Nothing was written"
absent roster.amaan profiles.plain

it "roster_new__makes_drafts_that_two_stewards_complete"
exits 64 "$steward" roster new --protocol isp-1:2999-12-31 --root root.amaan --admit shelter.join --fingerprints-compared
# shellcheck disable=SC2086
exits 0 "$steward" roster new --protocol isp-1:2999-12-31 --root root.amaan --created "$(day -23)" \
    --admit shelter.join --fingerprint "$digits_shelter" --languages urd,pus --hours "day and night" \
    --contact "an invented coordinator" \
    --admit clinic.join --fingerprint "$digits_clinic" --services medical,psychosocial $outputs
says "change: admitted"
says "name: clinic.invented-town"
complains "shelter.invented-town: fingerprint $digits_shelter"
[ "$(stat -c %a profiles.plain)" = 600 ] || fail "mode of the plain profiles"
grep -qF invented roster.amaan profiles.amaan && fail "a name stands in what the broker gets"
exits 1 "$steward" verify --root root.amaan roster.amaan profiles.amaan
sign_a --root root.amaan --plain profiles.plain roster.amaan profiles.amaan
says "name: shelter.invented-town"
exits 1 "$steward" verify --root root.amaan roster.amaan profiles.amaan
# What the second steward compares himself: the keys in the roster are those of the requests that he has.
exits 0 "$steward" sign --dry-run --key c.key --root root.amaan --plain profiles.plain --join shelter.join roster.amaan
says "fingerprint: $digits_shelter"
says "fingerprint: not shown"
"$make_join" shelter.invented-town 2 1.9 swapped.join
exits 65 "$steward" sign --dry-run --key c.key --root root.amaan --plain profiles.plain --join swapped.join roster.amaan
complains "other keys"
exits 66 "$steward" sign --dry-run --key c.key --root root.amaan --plain profiles.plain --join fia.join roster.amaan
complains "not in this roster"
sign_c --root root.amaan --join clinic.join roster.amaan profiles.amaan
exits 0 "$steward" verify --root root.amaan --plain profiles.plain roster.amaan profiles.amaan
says "good: yes"
exits 0 "$steward" show --plain profiles.plain roster.amaan
says "name: shelter.invented-town"
exits 0 "$steward" show profiles.plain
says "hours: day and night"
chmod 644 profiles.plain
exits 77 "$steward" verify --root root.amaan --plain profiles.plain roster.amaan
complains "chmod 600"
chmod 600 profiles.plain
exits 1 "$steward" verify --root other.amaan roster.amaan # another network's stewards
says "signatures: 0"
# shellcheck disable=SC2086
exits 73 "$steward" roster new --protocol isp-1:2999-12-31 --root root.amaan --admit fia.join --fingerprints-compared $outputs

it "dp28__nobody_is_admitted_without_a_signed_unexpired_sharing_protocol"
trial="--dry-run --root root.amaan --fingerprints-compared --out-roster t1 --out-profiles t2 --out-plain t3"
# shellcheck disable=SC2086
exits 77 "$steward" roster new $trial --admit clinic.join
complains "no signed sharing protocol"
# shellcheck disable=SC2086
exits 77 "$steward" roster new $trial --created 2027-06-02 --admit clinic.join --protocol isp-1:2027-06-01
complains "has run out"
# shellcheck disable=SC2086
exits 0 "$steward" roster new $trial --created 2027-06-01 --admit clinic.join --protocol isp-1:2027-06-01
says "protocol: isp-1"
says "protocol last day: 2027-06-01"
for word in isp-1 isp-1: :2027-06-01 ISP:2027-06-01 isp-1:2027-06-01T05:00:00Z isp-1:soon; do
    # shellcheck disable=SC2086
    exits 65 "$steward" roster new $trial --admit clinic.join --protocol "$word"
    complains "isp-1:2027-12-31"
done

it "dp14__no_steward_can_list_a_shelters_place"
# shellcheck disable=SC2086
exits 77 "$steward" roster new $trial --protocol isp-1:2999-12-31 --admit shelter.join --district PK528
complains "is a shelter"
# shellcheck disable=SC2086
exits 77 "$steward" roster new $trial --protocol isp-1:2999-12-31 --admit shelter.join --catchment PK528,PK513
complains "at least 3 districts"
# shellcheck disable=SC2086
exits 77 "$steward" roster new $trial --protocol isp-1:2999-12-31 --admit clinic.join --services shelter --district PK528
# shellcheck disable=SC2086
exits 0 "$steward" roster new $trial --protocol isp-1:2999-12-31 --admit shelter.join --catchment PK528,PK513,PK506

it "roster_new__lists_whom_a_member_serves_and_refuses_what_is_no_word_of_it"
# shellcheck disable=SC2086
exits 0 "$steward" roster new --root root.amaan --fingerprints-compared --protocol isp-1:2999-12-31 \
    --out-roster t1 --out-profiles t2 --out-plain t3 --admit clinic.join --district PK630 \
    --catchment PK630,PK401 --genders female,transgender --ages 18-59 --boys-age 12 --children yes --wheelchair no \
    --round-the-clock yes --units appointment,place --papers identity-card --tele -04:30 --licence "invented council 12"
exits 0 "$steward" show t3
for fact in "district: PK630" "minimum age: 18" "maximum age: 59" "boys max age: 12" "children: yes" "wheelchair: no" \
    "round the clock: yes" "tele: yes" "utc offset: -04:30" "licence: invented council 12" "protocol: isp-1"; do
    says "$fact"
done
exits 0 "$steward" show --json t3
says '"catchment":["PK401","PK630"]'
says '"genders":["female","transgender"]'
says '"units":["place","appointment"]'
rm t1 t2 t3
# not OPTION WORD SENTENCE
not() {
    # shellcheck disable=SC2086
    exits 65 "$steward" roster new $trial --protocol isp-1:2999-12-31 --admit clinic.join "--$1" "$2"
    complains "$3"
}
not district PK699 "no district"
not district Peshawar "no district"
not catchment PK528,PK528 "stands twice"
not genders unstated 'no gender "unstated"'
not ages 59-18 "18-59"
not ages 18 "18-59"
not boys-age 18 "from 1 to 17"
not children perhaps "yes, no or none"
not units bunk 'no unit "bunk"'
not papers photo 'no paper "photo"'
not tele +5 "+05:00"
not tele +05:20 "+05:00"
not licence "$(printf 'a\tb')" "plain text"

it "verify__refuses_a_tampered_file_and_two_editions_mixed"
cp roster.amaan tampered.amaan
printf '\002' | dd of=tampered.amaan bs=1 seek=304 conv=notrunc 2>/dev/null
exits 1 "$steward" verify --root root.amaan tampered.amaan # a member's status
says "signatures: 0"
printf '\007' | dd of=tampered.amaan bs=1 seek=304 conv=notrunc 2>/dev/null
exits 65 "$steward" verify --root root.amaan tampered.amaan
complains "damaged"
exits 65 "$steward" verify roster.amaan
complains "--root"
for file in roster profiles; do
    cp $file.amaan longer
    printf '\000' >>longer
    exits 65 "$steward" verify --root root.amaan longer
    complains "bytes behind"
done
cp root.amaan longer
printf '\000' >>longer
exits 65 "$steward" verify longer
exits 65 "$steward" verify --root longer roster.amaan

it "roster_next__follows_the_signed_roster_only"
next="--out-roster roster2.amaan --out-profiles profiles2.amaan --out-plain profiles2.plain"
# shellcheck disable=SC2086
exits 64 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --admit fia.join --fingerprints-compared $next
head -c 640 roster.amaan >unsigned.amaan
printf '\000\000\000\000' >>unsigned.amaan
# shellcheck disable=SC2086
exits 65 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --previous unsigned.amaan --plain profiles.plain \
    --suspend clinic.invented-town $next
complains "not signed by enough stewards"
# shellcheck disable=SC2086
exits 65 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --previous roster.amaan --plain profiles.plain \
    --created "$(day -24)" --suspend clinic.invented-town $next
complains "clock"
# shellcheck disable=SC2086
exits 0 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --previous roster.amaan --plain profiles.plain \
    --created "$(day -22)" --suspend clinic.invented-town --edit shelter.invented-town --contact "another coordinator" \
    --admit fia.join --fingerprints-compared --name fia.invented-bridge $next
says "change: suspended"
says "change: new profile"
says "name: fia.invented-bridge"
exits 65 "$steward" verify --root root.amaan roster2.amaan profiles.amaan
complains "same edition"

it "sign__refuses_what_another_steward_may_have_slipped_in"
# A list without what it changes.
with "$words_a" 65 "$steward" sign --yes --key a.key --root root.amaan roster2.amaan
complains "--previous"
# Two editions under one number.
exits 0 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --previous roster.amaan --plain profiles.plain \
    --created "$(day -22)" --revoke clinic.invented-town \
    --out-roster fork.amaan --out-profiles fork-profiles.amaan --out-plain fork.plain
with "$words_a" 65 "$steward" sign --yes --key a.key --root root.amaan --previous roster.amaan roster2.amaan fork.amaan
complains "two different documents"
# A previous key that the member never had (the second row's: 128 + 256 + 48).
cp roster2.amaan slipped.amaan
printf '\101\102\103' | dd of=slipped.amaan bs=1 seek=432 conv=notrunc 2>/dev/null
with "$words_a" 65 "$steward" sign --yes --key a.key --root root.amaan --previous roster.amaan slipped.amaan
complains "never had"
# Another profile's hash in a row (the first one's: 128 + 216).
cp roster2.amaan slipped.amaan
printf '\101\102\103' | dd of=slipped.amaan bs=1 seek=344 conv=notrunc 2>/dev/null
with "$words_a" 65 "$steward" sign --yes --key a.key --root root.amaan --previous roster.amaan \
    --plain profiles2.plain slipped.amaan
complains "hash of another profile"
# Signatures of one edition under the other.
sign_a --root root.amaan --previous roster.amaan fork.amaan
sign_b --root root.amaan --previous roster.amaan fork.amaan
head -c "$(($(stat -c %s roster2.amaan) - 4))" roster2.amaan >mixed.amaan
tail -c "$((4 + 2 * 96))" fork.amaan >>mixed.amaan
exits 1 "$steward" verify --root root.amaan mixed.amaan
says "signatures: 0"
says "counts: no"
exits 65 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --previous mixed.amaan --plain profiles2.plain \
    --out-roster x.amaan --out-profiles y.amaan --out-plain z.plain
complains "not signed by enough stewards"
# A document that is over, or comes from the future.
exits 0 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --previous roster.amaan --plain profiles.plain --created "$(day -22)" \
    --expires-days 1 --out-roster over.amaan --out-profiles over-profiles.amaan --out-plain over.plain
with "$words_a" 65 "$steward" sign --yes --key a.key --root root.amaan --previous roster.amaan over.amaan
complains "over already"
exits 0 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --previous roster.amaan --plain profiles.plain --created 2199-11-03 \
    --renew all --out-roster future.amaan --out-profiles future-profiles.amaan --out-plain future.plain
exits 0 "$steward" sign --dry-run --again --key a.key --root root.amaan --previous roster.amaan future.amaan
says "days ahead of this clock: "

it "sign__shows_what_changes_against_the_roster_before"
with "$words_a" 65 "$steward" sign --yes --key a.key --root root.amaan --previous roster2.amaan roster2.amaan
cp roster2.amaan before
with "$words_a" 65 "$steward" sign --yes --key a.key --root root.amaan --plain profiles.plain roster2.amaan
complains "same edition"
same roster2.amaan before
# Both have signed the fork (above), which was given up.
cp roster2.amaan before
for words in a b; do
    exits 65 "$steward" sign --dry-run --key $words.key --root root.amaan --previous roster.amaan roster2.amaan
    complains "--again"
done
same roster2.amaan before
sign_b --again --root root.amaan --previous roster.amaan roster2.amaan
sign_a --again --root root.amaan --previous roster.amaan --plain profiles2.plain roster2.amaan profiles2.amaan
says "change: suspended"
says "version: 2"
exits 0 "$steward" sign --dry-run --key a.key --root root.amaan --previous roster.amaan roster2.amaan # it is the one now
grep -q " roster 2 " a.key.signed || fail "nothing is noted beside the key"
[ "$(stat -c %a a.key.signed)" = 600 ] || fail "mode of what is noted"
cp a.key.signed kept
echo nonsense >a.key.signed
exits 65 "$steward" sign --dry-run --key a.key --root root.amaan --previous roster.amaan roster2.amaan
complains "damaged"
mv kept a.key.signed
sign_b --root root.amaan --previous roster.amaan roster2.amaan profiles2.amaan
says "complete"
exits 0 "$steward" verify --root root.amaan roster2.amaan profiles2.amaan --json
says '"good":true'
says '"counts":true'
exits 0 "$steward" verify --root root.amaan --previous roster.amaan roster2.amaan
exits 65 "$steward" verify --root root.amaan --previous roster2.amaan roster2.amaan # not newer
exits 65 "$steward" verify --root root.amaan --previous roster2.amaan roster.amaan # older
complains "does not follow"

it "roster_next__revokes_reactivates_rekeys_and_renews"
"$make_join" fia.invented-gate 1 3.4 fia2.join
"$make_join" clinic.invented-town 4 2.7 clinic2.join
"$make_join" fia.invented-bridges 1 60 near.join
third="--out-roster roster3.amaan --out-profiles profiles3.amaan --out-plain profiles3.plain"
from2="--root root.amaan --previous roster2.amaan --plain profiles2.plain --created $(day -21)"
# shellcheck disable=SC2086
exits 66 "$steward" roster next --protocol isp-1:2999-12-31 $from2 --suspend nobody.here $third
# shellcheck disable=SC2086
exits 73 "$steward" roster next --protocol isp-1:2999-12-31 $from2 --suspend clinic.invented-town $third
# shellcheck disable=SC2086
exits 73 "$steward" roster next --protocol isp-1:2999-12-31 $from2 --admit fia2.join --fingerprints-compared $third
complains "--rekey"
# shellcheck disable=SC2086
exits 66 "$steward" roster next --protocol isp-1:2999-12-31 $from2 --rekey near.join --fingerprints-compared $third
complains "no member"
# shellcheck disable=SC2086
exits 73 "$steward" roster next --protocol isp-1:2999-12-31 $from2 --admit twin.join --name fia.lnvented-brldge --fingerprints-compared $third
complains "imitating"
# shellcheck disable=SC2086
exits 0 "$steward" roster next --protocol isp-1:2999-12-31 --dry-run $from2 --admit near.join --fingerprints-compared $third
says "name is near: fia.invented-bridge"
# shellcheck disable=SC2086
exits 65 "$steward" roster next --protocol isp-1:2999-12-31 $from2 --edit shelter.invented-town --services magic $third
complains 'no service "magic"'
# shellcheck disable=SC2086
exits 65 "$steward" roster next --protocol isp-1:2999-12-31 $from2 --languages urd --renew all $third
complains "before it"
# shellcheck disable=SC2086
exits 65 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --previous roster2.amaan --plain profiles2.plain \
    --created "$(day 800)" $third
complains "--renew"
# shellcheck disable=SC2086
exits 0 "$steward" roster next --protocol isp-1:2999-12-31 $from2 --revoke shelter.invented-town --reactivate clinic.invented-town \
    --rekey fia2.join --rekey clinic2.join --fingerprints-compared --renew all $third
says "change: revoked"
says "change: reactivated"
says "keys: new keys" # the clinic's: a new status hides no new keys
says "change: new keys"
complains "fia.invented-bridge (the request says fia.invented-gate)"
exits 0 "$steward" show profiles3.plain
grep -qF shelter out && fail "a revoked member's profile is still there"
sign_a --root root.amaan --previous roster2.amaan roster3.amaan profiles3.amaan
sign_b --root root.amaan --previous roster2.amaan --join fia2.join --join clinic2.join roster3.amaan profiles3.amaan
# shellcheck disable=SC2086
exits 77 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --previous roster3.amaan --plain profiles3.plain \
    --reactivate "$("$steward" show --json --plain profiles2.plain roster3.amaan |
        sed 's/.*"shelter.invented-town","node_id":"\([0-9a-f]*\)".*/\1/')" \
    --out-roster roster4.amaan --out-profiles profiles4.amaan --out-plain profiles4.plain
complains "new member only"

it "roster_next__says_what_is_wrong_with_each_change"
from3="--root root.amaan --previous roster3.amaan --plain profiles3.plain"
fourth="--out-roster wrong.amaan --out-profiles wrong-profiles.amaan --out-plain wrong.plain"
# wrong CODE SENTENCE OPTIONS...
wrong() {
    code_wanted=$1 sentence=$2
    shift 2
    # shellcheck disable=SC2086
    exits "$code_wanted" "$steward" roster next --protocol isp-1:2999-12-31 $from3 --fingerprints-compared $fourth "$@"
    complains "$sentence"
    absent wrong.amaan wrong-profiles.amaan wrong.plain
}
"$make_join" legal.invented-town 65536 70 roles.join
"$make_join" legal.invented-town 16 103 one-key.join
"$make_join" legal.invented-gate 16 3.1 same-key.join
"$make_join" Legal.invented-town 16 71 capital.join 2>/dev/null && fail "a request with capitals"
long=$(printf '%0201d' 0)
wrong 65 "roles that are unknown" --admit roles.join
wrong 65 "has a key of another member" --admit one-key.join --admit same-key.join --name legal.invented-gate
wrong 65 "cannot be a member's name" --admit one-key.join --name nodot
wrong 65 "at most 200 bytes" --edit clinic.invented-town --hours "$long"
wrong 65 "at most 200 bytes" --edit clinic.invented-town --contact "$(printf 'a\tb')"
wrong 65 "three letters" --edit clinic.invented-town --languages ur,pus
wrong 65 'no role "magic"' --edit clinic.invented-town --roles medical,magic
wrong 65 "at least one role" --edit clinic.invented-town --roles ""
wrong 65 "given twice" --edit clinic.invented-town --hours a --hours b
wrong 65 "before it" --edit clinic.invented-town --fingerprint 1
wrong 65 "before it" --suspend clinic.invented-town --name clinic.elsewhere
wrong 73 "has that status already" --reactivate clinic.invented-town
wrong 66 "neither a node id" --renew nobody.here
wrong 66 "no member of the previous roster" --suspend 000102030405060708090a0b0c0d0e0f
wrong 65 "1 to 3650" --expires-days 0
wrong 65 "1 to 3650" --valid-days 1x
wrong 65 "a time such as" --created yesterday
exits 64 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --plain profiles3.plain --out-roster a --out-profiles b --out-plain c
exits 64 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --previous roster3.amaan --out-roster a --out-profiles b --out-plain c
# The plain profiles of another edition.
# shellcheck disable=SC2086
exits 65 "$steward" roster next --protocol isp-1:2999-12-31 --root root.amaan --previous roster3.amaan --plain profiles2.plain $fourth
complains "do not belong to the previous roster"
# And what is right.
# shellcheck disable=SC2086
exits 0 "$steward" roster next --protocol isp-1:2999-12-31 --dry-run $from3 $fourth --edit clinic.invented-town --roles medical,psychosocial \
    --languages urd,pus --renew fia.invented-bridge --admit one-key.join --roles legal,livelihood --fingerprints-compared
says "change: new profile"
says "change: renewed"
says "change: admitted"

it "notice_new__is_tried_without_signing"
exits 0 "$steward" notice new --dry-run --key b.key --root root.amaan --roster roster3.amaan \
    --plain profiles3.plain --suspend clinic.invented-town --out notice.amaan
says "name: clinic.invented-town"
exits 69 "$steward" notice new --key b.key --root root.amaan --plain profiles3.plain \
    --suspend clinic.invented-town --out notice.amaan
complains "--yes"
exits 65 "$steward" notice new --yes --key b.key --root root.amaan --out notice.amaan
complains "--suspend"
exits 0 "$steward" notice new --dry-run --json --key b.key --root root.amaan --plain profiles3.plain --out notice.amaan \
    --suspend fia.invented-bridge --suspend clinic.invented-town --suspend fia.invented-bridge
says '"name":"clinic.invented-town"'
exits 65 "$steward" notice new --yes --key b.key --root root.amaan --roster unsigned.amaan --plain profiles3.plain \
    --suspend clinic.invented-town --out notice.amaan
complains "not signed by enough stewards"
exits 66 "$steward" notice new --yes --key b.key --root root.amaan --plain profiles3.plain \
    --suspend shelter.invented-town --out notice.amaan
absent notice.amaan

it "notice_new__is_signed_by_one_steward_and_names_five_at_most"
with "$words_b" 0 "$steward" notice new --yes --key b.key --root root.amaan --roster roster3.amaan \
    --plain profiles3.plain --suspend clinic.invented-town --out notice.amaan
says "name: clinic.invented-town"
exits 0 "$steward" verify --root root.amaan notice.amaan
says "needed: 1"
with "$words_a" 73 "$steward" sign --yes --key a.key --root root.amaan notice.amaan
complains "alone"
with "$words_c" 77 "$steward" notice new --yes --key d.key --root root.amaan \
    --suspend 000102030405060708090a0b0c0d0e0f --out notice2.amaan
with "$words_b" 66 "$steward" notice new --yes --key b.key --root root.amaan --roster roster3.amaan \
    --suspend 000102030405060708090a0b0c0d0e0f --out notice2.amaan
complains "not in the roster"
six=
for i in 1 2 3 4 5 6; do six="$six --suspend 0001020304050607080900000000000$i"; done
# shellcheck disable=SC2086
with "$words_b" 65 "$steward" notice new --yes --key b.key --root root.amaan $six --out notice2.amaan
complains "at most 5"
absent notice2.amaan

it "root_rotate__replaces_a_lost_key_with_the_old_stewards_and_the_new"
exits 73 "$steward" root rotate --root root.amaan --add b.key --out root2.amaan
exits 66 "$steward" root rotate --root root.amaan --remove d.key --out root2.amaan
exits 65 "$steward" root rotate --root root.amaan --remove a.key --remove b.key --out root2.amaan
exits 0 "$steward" root rotate --root root.amaan --remove a.key --add d.key --out root2.amaan
says "change: new steward"
says "change: steward no more"
with "$words_c" 0 "$steward" sign --yes --key d.key root2.amaan
says "change: new steward"
sign_c root2.amaan
says "2 of 2 needed signatures, 1 of 2 of the stewards before"
exits 1 "$steward" verify root2.amaan
exits 65 "$steward" verify --root root2.amaan roster3.amaan # a draft vouches for nothing
exits 65 "$steward" root rotate --root root2.amaan --out root3.amaan
sign_b root2.amaan
says "complete"
exits 0 "$steward" verify root2.amaan

it "verify__says_when_the_stewards_have_changed_since"
exits 1 "$steward" verify --root root2.amaan roster3.amaan profiles3.amaan
says "complete under root: 1"
complains "before the stewards changed"
with "$words_a" 77 "$steward" sign --yes --key a.key --root root2.amaan --previous roster2.amaan roster3.amaan
with "$words_b" 65 "$steward" sign --yes --key b.key --root root2.amaan --previous roster2.amaan roster3.amaan
complains "make it again"
with "$words_a" 77 "$steward" notice new --yes --key a.key --root root2.amaan --plain profiles3.plain \
    --suspend clinic.invented-town --out notice3.amaan

it "roster_next__under_new_stewards_is_signed_by_them"
exits 0 "$steward" roster next --protocol isp-1:2999-12-31 --root root2.amaan --previous roster3.amaan --plain profiles3.plain \
    --suspend clinic.invented-town --out-roster roster4.amaan --out-profiles profiles4.amaan --out-plain profiles4.plain
exits 65 "$steward" verify --root root.amaan roster4.amaan # the root is too old to judge it
complains "get the newer file"
with "$words_a" 77 "$steward" sign --yes --key a.key --root root2.amaan --previous roster3.amaan roster4.amaan
with "$words_c" 0 "$steward" sign --yes --key d.key --root root2.amaan --previous roster3.amaan roster4.amaan profiles4.amaan
sign_c --root root2.amaan --previous roster3.amaan --plain profiles4.plain roster4.amaan profiles4.amaan
says "change: suspended"
exits 0 "$steward" verify --root root2.amaan --previous roster3.amaan --plain profiles4.plain roster4.amaan profiles4.amaan
exits 0 "$steward" show --json root2.amaan
says '"version":2'
exits 66 "$steward" verify nothing.amaan

it "every_word__explains_itself"
for word in key root roster notice sign verify show "key new" "key show" "key check" "key change" "root new" \
    "root rotate" "roster new" "roster next" "notice new"; do
    # shellcheck disable=SC2086
    exits 0 "$steward" $word --help
done
exits 64 "$steward" roster nxt
exits 64 "$steward" sign
echo "$count tests"
