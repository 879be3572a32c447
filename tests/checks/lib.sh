# SPDX-License-Identifier: Apache-2.0
# Shared by the checks: which files are ours, C without its comments, and how to end.
# A check is run as: sh tests/checks/NAME.sh [SOURCE_DIR [more]]. It prints one line per finding and, at the
# end, one line on how to mend them.
# shellcheck shell=sh
set -eu
SOURCE=${1:-$(dirname "$0")/../..}
HERE=$(cd "$(dirname "$0")" && pwd)
cd "$SOURCE"
FOUND=$(mktemp)
trap 'rm -f "$FOUND"' EXIT INT TERM

# all_files: every file of the project, one per line, without build folders. Works without git, too.
all_files() {
    if [ -e .git ] && git ls-files >/dev/null 2>&1; then
        git ls-files --cached --others --exclude-standard | while read -r file; do
            if [ -f "$file" ]; then printf '%s\n' "$file"; fi
        done
    else
        find . -name .git -prune -o -path ./build -prune -o -type f -print | sed 's|^\./||'
    fi
}

# files_like REGEX: those of them whose path matches the extended regular expression.
files_like() {
    all_files | grep -E "$1" | sort || true
}

# code_of FILE...: lines "file:number:code" of C without comments; with KEEP_STRINGS=1 the string literals
# stay, else they are shown as "".
code_of() {
    [ $# -eq 0 ] || awk -v keep="${KEEP_STRINGS:-0}" -f "$HERE/code.awk" "$@"
}

# finish COUNT_OF_THINGS_LOOKED_AT HOW_TO_MEND
finish() {
    if [ "$1" -eq 0 ]; then
        echo "$(basename "$0"): found nothing to look at, so it proves nothing: mend the check."
        exit 1
    fi
    if [ -s "$FOUND" ]; then
        cat "$FOUND"
        echo "To mend: $2"
        exit 1
    fi
    echo "$1 looked at, all well."
}
