#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sh test_client_pages.sh AMAAN DOCS_MAN: the manual pages in docs/man are what the program prints and mandoc's
# linter has nothing to say; completion offers the table's words and no others. Commands are read from --help.
set -eu
amaan=$1
pages=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
failed=0
complain() {
    echo "$*" >&2
    failed=1
}

commands=$("$amaan" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p')
[ "$(echo "$commands" | wc -l)" -ge 19 ] || complain "--help shows too few commands"

# --- manual pages
"$amaan" man >"$folder/amaan.1"
for command in $commands; do
    "$amaan" man "$command" >"$folder/amaan-$command.1"
done
for page in "$folder"/*.1; do
    name=$(basename "$page")
    cmp -s "$page" "$pages/$name" || complain "docs/man/$name is not what the program prints: amaan man >docs/man/..."
done
for page in "$pages"/amaan.1 "$pages"/amaan-*.1; do
    case $page in */amaan-node.1 | */amaan-broker.1 | */amaan-steward.1) continue ;; esac
    [ -f "$folder/$(basename "$page")" ] || complain "$page is the page of no command"
done
for command in $commands; do
    grep -q "^\.It Cm $command\( \|\$\)" "$folder/amaan.1" || complain "amaan(1) does not tell of $command"
done
if command -v mandoc >/dev/null 2>&1; then
    for page in "$folder"/*.1; do
        mandoc -T lint -W warning "$page" >"$folder/lint" 2>&1 || complain "$(cat "$folder/lint")"
        [ ! -s "$folder/lint" ] || complain "$(cat "$folder/lint")"
    done
else
    echo "mandoc is not here: pages are not linted"
fi
"$amaan" man nothing >/dev/null 2>&1 && complain "man knows a page of nothing"

# --- completion
"$amaan" completion >"$folder/completion"
# offered WORD...: what is offered for the last word, sorted, in one line
offered() {
    bash -c '
        source "$0"
        COMP_WORDS=(amaan "$@") COMP_CWORD=$#
        _amaan
        printf "%s\n" "${COMPREPLY[@]}"' "$folder/completion" "$@" 2>&1 | sort | tr '\n' ' '
}
expect() { # WANTED WORD...
    wanted=$(echo "$1" | tr ' ' '\n' | sort | tr '\n' ' ')
    shift
    got=$(offered "$@")
    [ "$got" = "$wanted" ] || complain "completing \"$*\": \"$got\" instead of \"$wanted\""
}
expect "$(echo $commands) help --help --version" ""
expect "$(echo $commands) --help" man ""
for command in $commands; do
    options=$("$amaan" "$command" --help | sed -n '/^Options:/,$s/^  \(-[a-z], \|    \)\(--[a-z0-9-]*\).*/\2/p' | tr '\n' ' ')
    expect "${options% }" "$command" --
done
expect "accept acts alarms answer-enquiry arrivals-import arrivals-preview arrived ask audit audit-verify" a
expect "at-capacity already-served" decline 7K2MQ4XTA --reason a
expect "shelter" refer --service sh
expect "stored" show 7K2MQ4XTA -u st
expect "" refer --to ""
touch "$folder/some referral.json"
got=$(cd "$folder" && offered refer some)
[ "$got" = "some referral.json " ] || complain "files are not offered: \"$got\""
exit $failed
