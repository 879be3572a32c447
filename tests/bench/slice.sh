#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# slice.sh BENCH_BROKER BUILD_DIR: a small flow in a folder of its own; shows that the bench works, no figure.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
"$1" "$2" "$home" flow 640 || {
    cat "$home/log" >&2
    exit 1
}
