#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# demo.sh BUILD_DIR [--once | --world] [--keep DIR] [--ports FIRST]: a whole network on this machine, on loopback only:
# three stewards (two must sign), a broker and nine organisations' nodes. Invented referrals travel through it, and each
# hop is shown as it happens. `./dev demo` builds and calls this.
#
#   --once         do not stay up: exit 0 only if every referral was answered and every receipt verified
#   --world        no stories: only a network in the middle of its work (work.sh), which stays up until its standard input
#                  ends. Its last lines are for a program: "node NAME ROLE PORT HOME" for each node, "words THE PASSPHRASE",
#                  "program THE COMMAND amaan", "clock NAME FILE" (work.sh), "ready"
#   --keep DIR     leave DIR/broker and DIR/nodes/NAME with their databases and logs
#   --ports FIRST  the pages are at FIRST and the eight ports after it (7171)
set -eu

build=$1
shift
once=no world=no keep='' port=7171
while [ $# -gt 0 ]; do
    case $1 in
    --once) once=yes ;;
    --world) world=yes ;;
    --ports)
        port=${2:?--ports needs a number}
        shift
        ;;
    --keep)
        keep=${2:?--keep needs a folder}
        shift
        ;;
    *)
        echo "demo: unknown word '$1'; use --once, --world, --keep DIR, --ports FIRST" >&2
        exit 64
        ;;
    esac
    shift
done

source_dir=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$build" && pwd)
steward=$build/steward/amaan-steward
broker=$build/broker/amaan-broker
node=$build/nodes/amaan-node
amaan=$build/nodes/client/amaan
begun=$(date +%s)

if [ -n "$keep" ]; then
    mkdir -p "$keep"
    if [ -n "$(ls -A "$keep")" ]; then
        echo "demo: $keep is not empty; name an empty folder, so that nothing of yours is touched" >&2
        exit 73
    fi
    home=$(cd "$keep" && pwd)
else
    home=$(mktemp -d)
fi
chmod 700 "$home"
mkdir "$home/nodes" "$home/stewards" "$home/logs"

pids='' broker_pid=''
stop_all() {
    trap - EXIT INT TERM
    for pid in $pids; do
        kill "$pid" 2>/dev/null || :
    done
    for pid in $pids; do
        wait "$pid" 2>/dev/null || :
    done
    [ -n "$keep" ] || rm -rf "$home"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# What stands on the screen: a step in bold where that is possible, its detail indented.
bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
step() { printf '%s%s%s\n' "$bold" "$*" "$plain"; }
detail() { printf '    %s\n' "$*"; }
fail() {
    printf 'demo: %s\n' "$*" >&2
    [ -n "$keep" ] && printf 'demo: look into %s/logs\n' "$keep" >&2
    exit 1
}

# quietly COMMAND...: what it says goes to a log; if it fails, the end of that is shown.
quietly() {
    "$@" >>"$home/logs/setup.log" 2>&1 || fail "$(tail -n 3 "$home/logs/setup.log")"
}

# serve LOG COMMAND...: starts a program and waits for its first line (it says it when it serves).
serve() {
    log=$1
    shift
    fifo=$home/ready.$$
    rm -f "$fifo"
    mkfifo "$fifo"
    "$@" >"$fifo" 2>>"$log" &
    served_pid=$!
    pids="$pids $served_pid"
    read -r _ <"$fifo" || fail "$(basename "$1") did not start: $(tail -n 3 "$log")"
    rm -f "$fifo"
}

words="seven invented demo words"
with_words() { printf '%s' "$words" | "$@" --passphrase-fd 0; }

unlock() { quietly with_words "$amaan" unlock --home "$home/nodes/$1"; }
start_node() {
    serve "$home/logs/$1.log" "$node" run "$home/nodes/$1"
    echo "$served_pid" >"$home/logs/$1.pid"
    unlock "$1"
}
stop_pid() {
    kill "$1"
    wait "$1" 2>/dev/null || :
}
# ask NODE VERB ARGUMENTS...: a command at that organisation. That nothing is real was said once, at the beginning.
ask() {
    at=$1 verb=$2 code=0
    shift 2
    "$amaan" "$verb" --home "$home/nodes/$at" "$@" 2>"$home/logs/said.$at" || code=$?
    grep -v '^ *PRACTICE: ' "$home/logs/said.$at" >&2 || :
    return "$code"
}
# until_state NODE REF WORD: waits (in the node, not by looking again and again) until the referral is so far.
until_state() {
    ask "$1" trace "$2" --until "$3" --timeout 60 --json >/dev/null ||
        fail "$2 did not become $3 at $1"
}

# tell_program: which nodes there are, for a program that reads this.
tell_program() {
    for organisation in $organisations; do
        name=${organisation%%:*}
        echo "node $name ${organisation##*:} $(cat "$home/logs/$name.port") $home/nodes/$name"
    done
    echo "words $words"
    echo "program $amaan"
    [ -z "$faketime" ] || echo "clock legal.islamabad $clock"
    echo ready
}
# tell_person: where each organisation's page is, and what to type there.
tell_person() {
    for organisation in $organisations; do
        name=${organisation%%:*}
        printf '    %-24s %-12s %s\n' "$name" "${organisation##*:}" "$(ask "$name" open --print || echo 'no page')"
    done
    printf '\nEach address is good once and for a minute. A new one: %s open --home %s/nodes/NAME\n' "$amaan" "$home"
    printf 'The passphrase of every demo person is: %s\n' "$words"
}

# shellcheck source=tests/demo/work.sh
. "$source_dir/tests/demo/work.sh"

echo 'This is a practice network: nothing in it is real, and every command of it says so.'
go_to_yesterday
step "1. Three stewards make their keys; two of them must sign"
for i in 1 2 3; do
    quietly with_words "$steward" key new --cost floor --out "$home/stewards/$i.key"
done
key() { "$steward" key show "$home/stewards/$1.key" --public; }
quietly "$steward" root new --practice --steward "$(key 1)" --steward "$(key 2)" --steward "$(key 3)" --threshold 2 \
    --out "$home/root.amaan"
# sign STEWARD FILE: what is signed under a root needs the root beside it.
sign() {
    if [ "$2" = "$home/root.amaan" ]; then
        quietly with_words "$steward" sign --yes --key "$home/stewards/$1.key" "$2"
    else
        quietly with_words "$steward" sign --yes --key "$home/stewards/$1.key" --root "$home/root.amaan" \
            --plain "$home/stewards/profiles.plain" "$2"
    fi
}
sign 1 "$home/root.amaan"
sign 2 "$home/root.amaan"
detail "root document signed by 2 of 3"

step "2. A broker and nine organisations"
quietly "$broker" init "$home/broker" --endpoint "tcp://127.0.0.1:0"
organisations="fia.torkham:screening fia.islamabad-airport:screening shelter.peshawar:shelter
clinic.rawalpindi:medical skills.gujranwala:livelihood coordinator.islamabad:coordinator
legal.peshawar:legal legal.islamabad:legal shelter.rawalpindi:shelter"
admit=''
for organisation in $organisations; do
    name=${organisation%%:*}
    quietly with_words "$node" init --name "$name" --role "${organisation##*:}" --person "Demo person" \
        --cost floor "$home/nodes/$name"
    admit="$admit --admit $home/nodes/$name/$name.join --languages urd,pus,eng --contact invented-telephone-of-$name"
    case $name in # who offers more than its role says, and whom it serves; a shelter tells no district
    clinic.*) admit="$admit --services medical,psychosocial --district PK630" ;;
    shelter.peshawar) admit="$admit --services shelter,supplies --catchment PK506,PK513,PK526,PK528,PK401
        --genders female --boys-age 12 --children yes --units female-bed,family-bed --round-the-clock yes" ;;
    shelter.*) admit="$admit --services shelter --catchment PK401,PK601,PK617,PK630 --genders female
        --units female-bed --round-the-clock yes" ;;
    skills.*) admit="$admit --district PK609 --ages 18-" ;;
    coordinator.* | legal.islamabad) admit="$admit --district PK401" ;;
    legal.*) admit="$admit --district PK513" ;;
    esac
    detail "$name made its keys"
done

step "3. The stewards admit them and sign the roster"
# shellcheck disable=SC2086 # the list of --admit words is meant to be split
quietly "$steward" roster new --root "$home/root.amaan" --protocol isp-1:2999-12-31 $admit --fingerprints-compared \
    --out-roster "$home/roster.amaan" --out-profiles "$home/profiles.amaan" \
    --out-plain "$home/stewards/profiles.plain"
for file in roster.amaan profiles.amaan; do
    sign 1 "$home/$file"
    sign 3 "$home/$file"
done
serve "$home/logs/broker.log" "$broker" run --home "$home/broker"
broker_pid=$served_pid
quietly "$broker" roster load --home "$home/broker" "$home/root.amaan" "$home/roster.amaan" \
    "$home/profiles.amaan"
for organisation in $organisations; do
    name=${organisation%%:*}
    quietly "$node" join --root "$home/root.amaan" --roster "$home/roster.amaan" \
        --profiles "$home/profiles.amaan" --broker "$home/broker/broker.amaan" "$home/nodes/$name"
    sed -i "/^page/,/^[a-z]/s/port = 0/port = $port/" "$home/nodes/$name/node.conf"
    echo "$port" >"$home/logs/$name.port"
    port=$((port + 1))
    start_node "$name"
done
detail "broker (pid $broker_pid) and nine nodes are up, all on loopback"

sent=''
# refer FILE: the file's name says who sends and to whom: NN_from_to_service.json
refer() {
    stem=$(basename "$1" .json)
    from=$(echo "$stem" | cut -d_ -f2) to=$(echo "$stem" | cut -d_ -f3) service=$(echo "$stem" | cut -d_ -f4)
    ref=$(ask "$from" refer --to "$to" --service "$service" "$1" --reference-only)
    sent="$sent $from:$to:$ref"
    detail "$ref  $from -> $to ($service): sealed on the sender's disk"
}

step "4. A day ago: the first letters"
work_of_yesterday
for organisation in $organisations; do stop_pid "$(cat "$home/logs/${organisation%%:*}.pid")"; done
stop_pid "$broker_pid"
come_back_to_today
serve "$home/logs/broker.log" "$broker" run --home "$home/broker"
broker_pid=$served_pid
for organisation in $organisations; do
    name=${organisation%%:*}
    if [ $world = yes ] && [ "$name" = legal.islamabad ] && [ -n "$faketime" ]; then
        start_with_a_clock "$name"
    else
        start_node "$name"
    fi
done
detail "it is today; broker and nodes were switched off for the night and are up again"
if [ $world = yes ]; then
    work_of_today
    tell_program
    cat >/dev/null # until whoever started this goes
    exit 0
fi

step "5. Referrals travel"
sent=''
# follow FROM TO REF: shows each hop; the recipient's person reads it and accepts.
follow() {
    until_state "$1" "$3" held
    detail "$3  with the exchange, which cannot read it"
    until_state "$2" "$3" requested
    detail "$3  arrived at $2"
    until_state "$1" "$3" stored
    detail "$3  $2's signed receipt is back and verified"
    ask "$2" show "$3" >/dev/null
    until_state "$1" "$3" opened
    detail "$3  opened by a person at $2; $1 knows"
    quietly ask "$2" accept "$3"
    until_state "$1" "$3" accepted
    detail "$3  accepted; $1 knows"
}
example=''
for file in "$source_dir"/config/demo/*_clinic.*.json "$source_dir"/config/demo/*_skills.*.json; do
    example=${example:-$file}
    refer "$file"
    follow "$from" "$to" "$ref"
done

step "6. The shelter's laptop and then the broker are switched off; letters wait"
stop_pid "$(cat "$home/logs/shelter.peshawar.pid")"
for file in "$source_dir"/config/demo/*_shelter.*.json; do
    refer "$file"
    until_state "$from" "$ref" held
    detail "$ref  waits at the exchange: the shelter is off"
done
stop_pid "$broker_pid"
for file in "$source_dir"/config/demo/*_coordinator.*.json; do
    refer "$file"
    detail "$ref  waits on the sender's own disk: the exchange is off"
done
serve "$home/logs/broker.log" "$broker" run --home "$home/broker"
broker_pid=$served_pid
detail "the exchange is back"
start_node shelter.peshawar
detail "the shelter's laptop is back"
for entry in $sent; do
    from=${entry%%:*} rest=${entry#*:}
    to=${rest%%:*} ref=${rest##*:}
    case $to in
    shelter.* | coordinator.*) follow "$from" "$to" "$ref" ;;
    esac
done

step "7. Every referral answered, every receipt verified?"
answered=0 verified=0 all=0
for entry in $sent; do
    from=${entry%%:*} ref=${entry##*:}
    all=$((all + 1))
    line=$(ask "$from" trace "$ref" --json)
    case $line in *'"state":"accepted"'*) answered=$((answered + 1)) ;; esac
    case $line in *'"receipt_verified":true'*) verified=$((verified + 1)) ;; esac
done
if [ "$answered" != "$all" ] || [ "$verified" != "$all" ] || [ "$all" = 0 ]; then
    fail "not every referral came through"
fi

step "8. A story: a young man at Torkham who wants legal help and nothing else"
# shellcheck source=tests/demo/story.sh
. "$source_dir/tests/demo/story.sh"
story_of_a_young_man
step "9. Another story: a woman on the list of a flight, and a shelter that meets her at a neutral point"
story_of_a_woman_returned
detail "referrals=$all answered=$answered receipts_verified=$verified stories=2 steps=$steps seconds=$(($(date +%s) - begun))"

if [ "$once" = yes ]; then
    for organisation in $organisations; do
        quietly ask "${organisation%%:*}" lock
    done
    exit 0
fi
step "10. Work that is open now"
work_of_today
step "The pages of the nine organisations, in a browser on this machine:"
tell_person
cat <<TXT

The network stays up until you press Ctrl-C. Try, in another terminal:

    $amaan inbox --home $home/nodes/shelter.peshawar
    $amaan due   --home $home/nodes/fia.torkham
    $amaan refer --home $home/nodes/fia.torkham --to clinic.rawalpindi --service medical \\
        $example
    $broker status --home $home/broker
TXT
wait
