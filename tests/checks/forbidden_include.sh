#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A forbidden include does not compile, an allowed one does. Probes are compiled exactly as the files of a
# target are: by the command that compile_commands.json has for one of them.
# sh tests/checks/forbidden_include.sh SOURCE_DIR BUILD_DIR
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
build=$2
work=$(mktemp -d)
trap 'rm -rf "$FOUND" "$work"' EXIT INT TERM

# target header wanted
probes() {
    cat <<'TABLE'
amaan_broker seal.h refused
amaan_broker inner.h refused
amaan_broker post.h refused
amaan_broker roster.h allowed
amaan_broker mailbox.h allowed
amaan_post verbs.h refused
amaan_post mailbox.h refused
amaan_post seal.h allowed
amaan_vault db.h refused
amaan_vault bytes.h allowed
amaan_seal interview.h refused
amaan_post outcome.h refused
amaan_content rule.h refused
amaan_screening body.h refused
amaan_screening json.h allowed
amaan_wire inner.h refused
amaan_wire header.h allowed
TABLE
}

# command_of TARGET: how one file of the target is compiled, without -c, -o and the file itself.
command_of() {
    grep -F '"command":' "$build/compile_commands.json" | grep -F "/$1.dir/" | grep -vF 'pb-c.c' | head -n 1 |
        sed -e 's/^[[:space:]]*"command": "//' -e 's/",\{0,1\}[[:space:]]*$//' -e 's/\\"/"/g' -e 's/\\\\/\\/g' \
            -e 's/ -o .*$//'
}

n=0
while read -r target header wanted; do
    command=$(command_of "$target")
    if [ -z "$command" ]; then
        echo "there is no target $target in $build/compile_commands.json" >>"$FOUND"
        continue
    fi
    if [ "$(find common proto trust broker nodes steward -name "$header" | wc -l)" -eq 0 ]; then
        echo "there is no header $header any more, so that its refusal proves nothing" >>"$FOUND"
        continue
    fi
    printf '#include "%s"\nextern int probe;\n' "$header" >"$work/probe.c"
    if (cd "$build" && eval "$command" -fsyntax-only "$work/probe.c") >"$work/said" 2>&1; then
        got=allowed
    elif grep -q "$header.*No such file\|$header.*not found" "$work/said"; then
        got=refused
    else
        got="broken: $(head -n 1 "$work/said")"
    fi
    [ "$got" = "$wanted" ] || echo "$target includes $header: $got, not $wanted" >>"$FOUND"
    n=$((n + 1))
done <<END
$(probes)
END
finish "$n" "a target exports its own folder and links only the layers below it (amaan_layer in CMakeLists.txt)."
