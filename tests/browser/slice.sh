#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# slice.sh BUILD_DIR: what of the browser tests belongs to every run of the tests. Exit 77: what they need is not installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
command -v node >/dev/null 2>&1 || {
    echo "skipped: Node.js is not there (./dev browser installs it)"
    exit 77
}
exec node "$here/main.mjs" "$1" slice
