# SPDX-License-Identifier: Apache-2.0
# work.sh: read by demo.sh: a network in the middle of its work, for whoever opens its pages: referrals that are late, accepted,
# declined, being read, on a waiting list, with an appointment, and new ones that nobody has opened.
# Yesterday's letters are written by the same programs under a clock that is a day and two hours behind (libfaketime), so that
# what is late today is late by the programs' own count.
# shellcheck shell=sh disable=SC2154 # what demo.sh sets

behind=-26h
faketime=$(ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -n 1)
go_to_yesterday() {
    if [ -z "$faketime" ]; then
        detail "libfaketime is not installed (package faketime): no letter will be late"
        return 0
    fi
    asan_before=${ASAN_OPTIONS:-}
    LD_PRELOAD=$faketime FAKETIME=$behind FAKETIME_DONT_FAKE_MONOTONIC=1
    ASAN_OPTIONS=${asan_before:+$asan_before:}verify_asan_link_order=0
    export LD_PRELOAD FAKETIME FAKETIME_DONT_FAKE_MONOTONIC ASAN_OPTIONS
}
come_back_to_today() {
    [ -n "$faketime" ] || return 0
    unset LD_PRELOAD FAKETIME FAKETIME_DONT_FAKE_MONOTONIC
    ASAN_OPTIONS=$asan_before
}

# start_with_a_clock NAME: its clock can be put forward by writing, such as "+11m", to the file that is named; a test of what happens
# when a desk is left alone need not wait then.
start_with_a_clock() {
    clock=$home/logs/$1.clock
    echo +0 >"$clock"
    asan_before=${ASAN_OPTIONS:-}
    LD_PRELOAD=$faketime FAKETIME_TIMESTAMP_FILE=$clock FAKETIME_NO_CACHE=1
    ASAN_OPTIONS=${asan_before:+$asan_before:}verify_asan_link_order=0
    export LD_PRELOAD FAKETIME_TIMESTAMP_FILE FAKETIME_NO_CACHE ASAN_OPTIONS
    serve "$home/logs/$1.log" "$node" run "$home/nodes/$1"
    unset LD_PRELOAD FAKETIME_TIMESTAMP_FILE FAKETIME_NO_CACHE
    ASAN_OPTIONS=$asan_before
    echo "$served_pid" >"$home/logs/$1.pid"
    unlock "$1"
}

# letter NUMBER: one of config/demo travels until it is at the other side's desk. $from, $to and $ref say which it was.
letter() {
    refer "$(ls "$source_dir/config/demo/$1"_*.json)"
    until_state "$to" "$ref" requested
}
# opens: somebody there reads it.
opens() { ask "$to" show "$ref" >/dev/null; }
# decides VERB ARGUMENTS...: and the sender knows.
decides() {
    move=$1 state=$2
    shift 2
    quietly ask "$to" "$move" "$ref" "$@"
    until_state "$from" "$ref" "$state"
    detail "$ref  $to: $move"
}

work_of_yesterday() {
    letter 01 # an emergency, at the clinic: accepted
    opens
    decides accept accepted
    letter 04 # an emergency, at the shelter: nobody has opened it in a day, so it is late
    letter 03 # help with a livelihood: declined, so it is the officer's turn again
    opens
    decides decline declined --reason at-capacity
    letter 06 # the coordinator reads it
    opens
}

work_of_today() {
    letter 02 # psychosocial help: on the waiting list
    opens
    decides waitlist waitlisted
    letter 05 # supplies: read, not decided
    opens
    letter 08 # a bed: nobody has opened it yet
    letter 07 # a child at Torkham, for the coordinator: nobody has opened it yet
}
