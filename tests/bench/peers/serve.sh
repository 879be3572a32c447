# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# serve.sh, to be sourced: starts the brokers that ours is compared with, each in its own folder and on ports of
# loopback that their Debian services do not use, and ends them by the pid that was started.
#
#   peer_start NAME FOLDER CONFIGURATION_FOLDER   sets peer_pid; fails (1) after saying what the server said last
#   peer_stop NAME FOLDER

PEER_PORT_EPMD=14369 PEER_PORT_NODES=25683 PEER_READY_S=120

# Copies what a server says to a log; says "ready" or "ended" once, to a second pipe.
# peer_watch PIPE WORDS LOG TOLD
peer_watch() {
    said=no
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$3"
        case $line in
        *"$2"*)
            [ $said = yes ] || echo ready >"$4"
            said=yes
            ;;
        esac
    done <"$1"
    [ $said = yes ] || echo ended >"$4"
}

# peer_serve FOLDER READY_WORDS COMMAND...: starts it in FOLDER and waits until it says that it serves.
peer_serve() {
    folder=$1 ready=$2
    shift 2
    mkfifo "$folder/said" "$folder/told"
    peer_watch "$folder/said" "$ready" "$folder/log" "$folder/told" &
    peer_watch_pid=$!
    (cd "$folder" && exec "$@") >"$folder/said" 2>&1 &
    peer_pid=$!
    word=$(timeout $PEER_READY_S head -n 1 "$folder/told") || word=late
    if [ "$word" != ready ]; then
        kill "$peer_pid" 2>/dev/null || :
        wait "$peer_pid" 2>/dev/null || :
        echo "bench: $(basename "$folder") did not start. The last it said:" >&2
        tail -n 5 "$folder/log" >&2
        peer_pid=''
        return 1
    fi
}

peer_start_rabbitmq() {
    folder=$1
    mkdir -p "$folder/home" "$folder/mnesia" "$folder/logs" "$folder/generated"
    echo '[].' >"$folder/plugins"
    # Everything it keeps lies in the folder; its node name server (epmd) has a port of its own, too.
    peer_serve "$folder" 'Server startup complete' env \
        HOME="$folder/home" \
        RABBITMQ_NODENAME=amaan_bench@localhost \
        RABBITMQ_CONFIG_FILE="$2/rabbitmq.conf" \
        RABBITMQ_CONF_ENV_FILE=/dev/null \
        RABBITMQ_ADVANCED_CONFIG_FILE="$folder/advanced.config" \
        RABBITMQ_MNESIA_BASE="$folder/mnesia" \
        RABBITMQ_LOG_BASE="$folder/logs" \
        RABBITMQ_GENERATED_CONFIG_DIR="$folder/generated" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$folder/plugins" \
        RABBITMQ_PID_FILE="$folder/pid" \
        RABBITMQ_DIST_PORT=$PEER_PORT_NODES \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}' \
        ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$PEER_PORT_EPMD \
        /usr/lib/rabbitmq/bin/rabbitmq-server
}

peer_start() {
    mkdir -p "$2"
    case $1 in
    mosquitto) peer_serve "$2" ' running' /usr/sbin/mosquitto -c "$3/mosquitto.conf" ;;
    nats) peer_serve "$2" 'Server is ready' /usr/sbin/nats-server -c "$3/nats.conf" ;;
    rabbitmq) peer_start_rabbitmq "$2" "$3" ;;
    esac
}

peer_stop() {
    [ -n "$peer_pid" ] || return 0
    kill "$peer_pid" 2>/dev/null || :
    wait "$peer_pid" 2>/dev/null || :
    peer_pid=''
    if [ "$1" = rabbitmq ]; then
        epmd -port $PEER_PORT_EPMD -kill >/dev/null 2>&1 || :
    fi
    wait "$peer_watch_pid" 2>/dev/null || :
    rm -f "$2/said" "$2/told"
}
