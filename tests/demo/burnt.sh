#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# burnt.sh BUILD_DIR: a laptop burns on Thursday and another one works on Friday, with real processes on loopback.
# What is typed on the new laptop is read from docs/OPERATIONS.md ("drill begin"), so that the page is what was tried.
set -eu

build=$(cd "$1" && pwd)
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
steward=$build/steward/amaan-steward
broker=$build/broker/amaan-broker
node=$build/nodes/amaan-node
amaan=$build/nodes/client/amaan
work=$(mktemp -d)
chmod 700 "$work"
stick=$work/stick
mkdir "$stick" "$work/bin" "$work/nodes"

pids=''
stop_all() {
    trap - EXIT INT TERM
    for pid in $pids; do kill "$pid" 2>/dev/null || :; done
    for pid in $pids; do wait "$pid" 2>/dev/null || :; done
    rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
fail() {
    echo "burnt: $*" >&2
    tail -n 20 "$work"/*.log >&2 || :
    exit 1
}
quietly() { "$@" >>"$work/setup.log" 2>&1 || fail "$* failed"; }
words="seven invented drill words"
printf '%s' "$words" >"$work/words"
with_words() { "$@" --passphrase-fd 3 3<"$work/words"; }
# serve LOG COMMAND...: waits for the line that says that it serves.
serve() {
    log=$1
    shift
    fifo=$work/ready
    rm -f "$fifo"
    mkfifo "$fifo"
    "$@" >"$fifo" 2>>"$log" &
    served_pid=$!
    pids="$pids $served_pid"
    read -r _ <"$fifo" || fail "$(basename "$1") did not start"
}
ask() {
    at=$1 verb=$2
    shift 2
    "$amaan" "$verb" --home "$work/nodes/$at" "$@"
}
until_state() { ask "$1" trace "$2" --until "$3" --timeout 60 --json >/dev/null || fail "$2 is not $3 at $1"; }
start_node() {
    serve "$work/$1.log" "$node" run "$work/nodes/$1"
    quietly with_words "$amaan" unlock --home "$work/nodes/$1"
}

# --- a network of an officer and a shelter
for i in 1 2 3; do
    quietly with_words "$steward" key new --cost floor --out "$work/$i.key"
done
key() { "$steward" key show "$work/$1.key" --public; }
quietly "$steward" root new --steward "$(key 1)" --steward "$(key 2)" --steward "$(key 3)" --threshold 2 \
    --out "$work/root.amaan"
for i in 1 2; do
    quietly with_words "$steward" sign --yes --key "$work/$i.key" "$work/root.amaan"
done
quietly "$broker" init "$work/broker" --endpoint "tcp://127.0.0.1:0"
admit=''
for organisation in fia.torkham:screening shelter.peshawar:shelter; do
    name=${organisation%%:*}
    quietly with_words "$node" init --name "$name" --role "${organisation##*:}" --cost floor "$work/nodes/$name"
    admit="$admit --admit $work/nodes/$name/$name.join --languages urd"
done
# shellcheck disable=SC2086 # the list of --admit words is meant to be split
quietly "$steward" roster new --root "$work/root.amaan" --protocol isp-1:2999-12-31 $admit --fingerprints-compared --out-roster \
    "$work/roster.amaan" --out-profiles "$work/profiles.amaan" --out-plain "$work/profiles.plain"
for file in roster.amaan profiles.amaan; do
    for i in 1 3; do
        quietly with_words "$steward" sign --yes --key "$work/$i.key" --root "$work/root.amaan" \
            --plain "$work/profiles.plain" "$work/$file"
    done
done
serve "$work/broker.log" "$broker" run --home "$work/broker"
quietly "$broker" roster load --home "$work/broker" "$work/root.amaan" "$work/roster.amaan" "$work/profiles.amaan"
for name in fia.torkham shelter.peshawar; do
    quietly "$node" join --root "$work/root.amaan" --roster "$work/roster.amaan" \
        --profiles "$work/profiles.amaan" --broker "$work/broker/broker.amaan" "$work/nodes/$name"
    start_node "$name"
    shelter_pid=$served_pid
done
refer() { ask "$1" refer --to "$2" --service shelter "$source_dir/config/demo/04_fia.torkham_shelter.peshawar_shelter.json" --reference-only; }

# --- Wednesday
wednesday=$(refer fia.torkham shelter.peshawar)
until_state fia.torkham "$wednesday" stored
made=$(ask shelter.peshawar backup --to "$stick" --json) || fail "no backup was made"
case $made in *'"file":'*) ;; *) fail "the backup says: $made" ;; esac
[ "$(find "$stick" -name '*.bin' | wc -l)" = 1 ] || fail "there is not one file on the stick"

# --- Thursday: a referral is received and stored, the laptop burns, another referral is on its way
thursday=$(refer fia.torkham shelter.peshawar)
until_state fia.torkham "$thursday" stored
kill -9 "$shelter_pid"
wait "$shelter_pid" 2>/dev/null || :
rm -rf "$work/nodes/shelter.peshawar"
in_the_fire=$(refer fia.torkham shelter.peshawar)
until_state fia.torkham "$in_the_fire" held

# --- Friday: what stands in the book, on another laptop
mkdir "$work/friday"
cat >"$work/bin/amaan-node" <<TXT
#!/bin/sh
case \$1 in
run)
    "$node" "\$@" >"$work/ready.friday" 2>>"$work/friday.log" &
    echo \$! >"$work/friday.pid"
    while ! grep -q serves "$work/ready.friday"; do kill -0 \$! || exit 1; done
    ;;
restore) "$node" "\$@" --passphrase-fd 3 3<"$work/words" ;;
*) exec "$node" "\$@" ;;
esac
TXT
cat >"$work/bin/amaan" <<TXT
#!/bin/sh
case \$1 in
unlock) "$amaan" "\$@" --passphrase-fd 3 3<"$work/words" ;;
*) exec "$amaan" "\$@" ;;
esac
TXT
chmod +x "$work/bin/amaan-node" "$work/bin/amaan"
sed -n '/<!-- drill begin/,/<!-- drill end/p' "$source_dir/docs/OPERATIONS.md" | sed -n 's/^    //p' >"$work/drill"
[ "$(wc -l <"$work/drill")" -ge 8 ] || fail "docs/OPERATIONS.md tells of no drill"
file=$(basename "$stick"/*.bin)
head -c 70000 "$stick/$file" >"$work/cut.bin"
if with_words "$node" restore --dry-run --from "$work/cut.bin" "$work/friday/amaan" 2>>"$work/setup.log"; then
    fail "a backup that was cut short was taken"
fi
friday() { HOME="$work/friday" AMAAN_HOME="$work/friday/amaan" PATH="$work/bin:$PATH" sh -euc "$1"; }
while read -r line; do
    line=$(echo "$line" | sed "s|/media/stick|$stick|g; s|NAME.bin|$file|g")
    case $line in *--dry-run*) dry=yes ;; *) dry=no ;; esac
    friday "$line" >>"$work/friday.out" 2>>"$work/setup.log" </dev/null || fail "this did not work: $line"
    if [ $dry = yes ] && [ -e "$work/friday/amaan" ]; then
        fail "the dry run changed something"
    fi
    [ ! -s "$work/friday.pid" ] || pids="$pids $(cat "$work/friday.pid")"
done <"$work/drill"
grep -q 'from a backup' "$work/friday.out" || fail "amaan status does not say that it was restored"
[ "$(find "$stick" -name '*.bin' | wc -l)" = 2 ] || fail "the restored node made no backup"
ln -s "$work/friday/amaan" "$work/nodes/shelter.peshawar"

# It works: the letter that waited comes, its own go out, what was in the backup is there.
until_state fia.torkham "$in_the_fire" stored
back=$(refer shelter.peshawar fia.torkham 2>/dev/null) || back=''
quietly ask shelter.peshawar accept "$wednesday"
until_state fia.torkham "$wednesday" accepted
# Thursday's referral comes again by itself within the hour, or at once when a person says so.
if ! ask shelter.peshawar trace "$thursday" --json >/dev/null 2>&1; then
    quietly ask fia.torkham send-again "$thursday"
fi
ask shelter.peshawar trace "$thursday" --until requested --timeout 60 --json >/dev/null || fail "$thursday is lost"
for name in fia.torkham shelter.peshawar; do
    case $(ask "$name" alarms --json) in *'"conflict"'*) fail "a number was used twice" ;; esac
done
echo "burnt: $wednesday, $thursday and $in_the_fire are in the casebook again${back:+, $back went out}"
