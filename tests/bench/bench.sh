#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bench.sh BUILD_DIR [--json FILE] [--peers] [--runs N]: measures, and prints a table: median, lowest and highest
# of N runs (3). With --peers also the brokers that people would pick instead, in the same run, one after the
# other in each round, with messages of the same size and number. `./dev bench` builds and calls this.
#
# Everything happens in a new folder of TMPDIR (/tmp), which is removed: it should lie on a disk.
set -eu

build=$(cd "$1" && pwd)
shift
json='' peers='' runs=3
while [ $# -gt 0 ]; do
    case $1 in
    --json)
        json=${2:?--json needs a file}
        shift
        ;;
    --peers) peers='mosquitto nats rabbitmq' ;;
    --runs)
        runs=${2:?--runs needs a number}
        shift
        ;;
    *)
        echo "bench: unknown word '$1'; use --json FILE, --peers, --runs N" >&2
        exit 64
        ;;
    esac
    shift
done
case $runs in '' | *[!0-9]* | 0)
    echo "bench: --runs needs a number from 1 on" >&2
    exit 64
    ;;
esac

# A message has as many bytes as our smallest envelope. FLOW is spread over four
# senders and four recipients.
FLOW=100000 ONE=2000 IDLE=1000 REFERRALS=300 BYTES=2152 SYNCS=500 CASES=50000 LOOKS=200 PEER_GIVE_UP_S=300

here=$(cd "$(dirname "$0")" && pwd)
programs=$build/tests/bench
home=$(mktemp -d)
figures=$home/figures
peer_pid='' peer_name=''
# shellcheck source=tests/bench/peers/serve.sh
. "$here/peers/serve.sh"

leave() {
    trap - EXIT INT TERM
    [ -z "$peer_pid" ] || peer_stop "$peer_name" "$home/$peer_name"
    rm -rf "$home"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf 'bench: %s\n' "$*" >&2; }

# note LINE NAME FIELD: keeps a figure of a program's line of JSON.
note() {
    value=$(printf '%s\n' "$1" | sed -n "s/.*\"$3\":\([0-9.]*\).*/\1/p")
    if [ -z "$value" ]; then
        say "there is no $3 in: $1"
        exit 1
    fi
    echo "$2 $value" >>"$figures"
}

# measure FOLDER COMMAND...: its line; the folder is new and is removed.
measure() {
    folder=$1
    shift
    mkdir "$folder"
    if ! line=$("$@"); then
        [ ! -f "$folder/log" ] || tail -n 5 "$folder/log" >&2
        say "$(basename "$1") failed"
        exit 1
    fi
    rm -rf "$folder"
}

measure_ours() {
    measure "$home/flow" "$programs/bench_broker" "$build" "$home/flow" flow $FLOW
    note "$line" broker_durable_msgs_per_s msgs_per_s
    measure "$home/one" "$programs/bench_broker" "$build" "$home/one" one $ONE
    note "$line" broker_one_by_one_p50_ms p50_ms
    note "$line" broker_held_p50_ms held_p50_ms
}

measure_memory() {
    measure "$home/idle" "$programs/bench_broker" "$build" "$home/idle" idle $IDLE
    note "$line" broker_idle_rss_mib idle_rss_mib
    note "$line" broker_kib_per_connected_node kib_per_node
}

measure_path() {
    measure "$home/path" "$programs/bench_path" "$build" "$home/path" $REFERRALS
    for field in refer_p50_ms effect_p50_ms effect_p99_ms receipt_p50_ms receipt_p99_ms call_p50_ms; do
        note "$line" "full_path_$field" $field
    done
    note "$line" node_idle_rss_mib node_idle_rss_mib
}

measure_pages() {
    measure "$home/pages" "$programs/bench_pages" "$build" "$home/pages" $CASES $LOOKS
    note "$line" pages_per_s pages_per_s
    note "$line" page_heaviest_p99_ms heaviest_p99_ms
    note "$line" page_rss_mib all_pages_rss_mib
    note "$line" page_first_load_bytes first_load_bytes
    note "$line" page_static_ratio static_ratio
}

# measure_peer NAME
measure_peer() {
    peer_name=$1
    peer_start "$1" "$home/$1" "$here/peers"
    for how in '' one-by-one; do
        count=$FLOW
        [ -z "$how" ] || count=$ONE
        if ! line=$(timeout $PEER_GIVE_UP_S "$programs/peers/peer_$1" $count $BYTES $how); then
            tail -n 5 "$home/$1/log" >&2
            say "the driver of $1 failed"
            exit 1
        fi
        if [ -z "$how" ]; then
            note "$line" "$1.msgs_per_s" msgs_per_s
        else
            note "$line" "$1.p50_ms" p50_ms
        fi
    done
    peer_stop "$1" "$home/$1"
    rm -rf "${home:?}/$1"
}

# figure NAME WHICH: median, lowest or highest of the runs.
figure() {
    awk -v name="$1" '$1 == name { print $2 }' "$figures" | sort -n | awk -v which="$2" '
        { value[NR] = $1 }
        END {
            if (which == "lowest") print value[1]
            else if (which == "highest") print value[NR]
            else if (NR % 2) print value[(NR + 1) / 2]
            else print (value[NR / 2] + value[NR / 2 + 1]) / 2
        }'
}

# row TEXT NAME UNIT
row() {
    printf '%-58s %9s %9s %9s  %s\n' "$1" "$(figure "$2" median)" "$(figure "$2" lowest)" \
        "$(figure "$2" highest)" "$3"
}

print_machine() {
    cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
    memory=$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)
    printf 'machine   %s cores (%s), %s, %s %s\n' "$(nproc)" "${cpu:-unknown}" "$memory" "$(uname -s)" "$(uname -r)"
    printf 'disk      %s; write and fsync of 4 KiB: median %s ms, 99 of 100 under %s ms\n' "$file_system" \
        "$(figure fsync_p50_ms median)" "$(figure fsync_p99_ms median)"
    printf 'counts    %s messages at once, %s one by one, %s bytes each; %s referrals; %s idle nodes; %s runs\n\n' \
        $FLOW $ONE $BYTES $REFERRALS $IDLE "$runs"
}

print_table() {
    print_machine
    printf '%-58s %9s %9s %9s  %s\n' '' median lowest highest ''
    row 'broker: envelopes stored and forwarded, fsync before HELD' broker_durable_msgs_per_s 'per s'
    row 'broker: one by one, offered to delivered' broker_one_by_one_p50_ms ms
    row 'broker: one by one, offered to HELD' broker_held_p50_ms ms
    row 'broker: memory, nobody connected' broker_idle_rss_mib MiB
    row "broker: memory for each of $IDLE connected nodes" broker_kib_per_connected_node KiB
    row 'referral: on the sender'\''s disk, by HTTP' full_path_refer_p50_ms ms
    row 'referral: durable effect at the recipient, by HTTP' full_path_effect_p50_ms ms
    row '          the same, 99 of 100' full_path_effect_p99_ms ms
    row 'referral: verified receipt back at the sender, by HTTP' full_path_receipt_p50_ms ms
    row '          the same, 99 of 100' full_path_receipt_p99_ms ms
    row '          of that, each bare HTTP call costs' full_path_call_p50_ms ms
    row 'page: today, one after the other, 50,000 cases' pages_per_s 'pages/s'
    row 'page: the heaviest, p99' page_heaviest_p99_ms ms
    row 'page: memory of the node, all pages looked at' page_rss_mib MiB
    row 'page: first load without fonts' page_first_load_bytes bytes
    row 'page: the same server with a ready answer' page_static_ratio times
    row 'node: memory, unlocked and connected' node_idle_rss_mib MiB
    [ -n "$peers" ] || return 0
    echo
    for peer in $peers; do
        row "$peer: $(meaning "$peer")" "$peer.msgs_per_s" 'per s'
        row '          one by one' "$peer.p50_ms" ms
    done
    printf '\nours: %s x the best peer\n' "$(best_ratio)"
}

# What its acknowledgement means.
meaning() {
    case $1 in
    mosquitto) echo "QoS 1, acknowledged in memory" ;;
    nats) echo "JetStream on file, acknowledged in the page cache" ;;
    rabbitmq) echo "quorum queue, acknowledged after fsync" ;;
    esac
}

best_ratio() {
    for peer in $peers; do
        figure "$peer.msgs_per_s" median
    done | sort -n | tail -n 1 |
        awk -v ours="$(figure broker_durable_msgs_per_s median)" '{ printf "%.2f\n", ours / $1 }'
}

write_json() {
    {
        printf '{\n  "runs": %s,\n  "cores": %s,\n  "message_bytes": %s,\n' "$runs" "$(nproc)" $BYTES
        for name in $(sed 's/ .*//' "$figures" | grep -v '\.' | sort -u); do
            printf '  "%s": %s,\n' "$name" "$(figure "$name" median)"
        done
        printf '  "peers": {'
        comma=''
        for peer in $peers; do
            printf '%s\n    "%s": {"msgs_per_s": %s, "p50_ms": %s}' "$comma" "$peer" \
                "$(figure "$peer.msgs_per_s" median)" "$(figure "$peer.p50_ms" median)"
            comma=,
        done
        [ -z "$comma" ] || printf '\n  '
        printf '}\n}\n'
    } >"$json"
}

for peer in $peers; do
    if [ ! -x "$programs/peers/peer_$peer" ]; then
        say "the driver of $peer was not built; ./dev bench --peers installs what it needs"
        exit 69
    fi
done
file_system=$(stat -f -c %T "$home")
if [ "$file_system" = tmpfs ]; then
    say "$home lies in memory: durable figures would mean nothing. Set TMPDIR to a folder on a disk."
    exit 1
fi
run=1
while [ "$run" -le "$runs" ]; do
    say "round $run of $runs"
    measure "$home/disk" "$programs/bench_disk" "$home/disk" $SYNCS
    note "$line" fsync_p50_ms fsync_p50_ms
    note "$line" fsync_p99_ms fsync_p99_ms
    measure_ours
    for peer in $peers; do
        measure_peer "$peer"
    done
    measure_path
    measure_pages
    measure_memory
    run=$((run + 1))
done
print_table
[ -z "$json" ] || write_json
