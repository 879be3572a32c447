#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Calls that this project does not make. Most are poisoned by common/base/banned.h already; here are those
# that cannot be, because headers of libraries use the word, and those that concern tests.
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM

files=$(files_like '^(common|proto|trust|broker|nodes|steward|tests)/.*\.[ch]$' |
    grep -vE '^(tests/bench/peers/|common/base/banned\.h$)')
# shellcheck disable=SC2086
code_of $files >"$FOUND.code"

look() { # MESSAGE REGEX [PATHS]
    grep -E "^(${3:-.*}):[0-9]+:" "$FOUND.code" | grep -E ":[0-9]+:.*(^|[^A-Za-z0-9_.>])($2)[[:space:]]*\(" |
        sed "s#\$#   <- $1#" >>"$FOUND" || true
}
look 'snprintf or a writer' 'strcpy|strcat|strncat|strncpy|sprintf|vsprintf|gets|strtok|strtok_r|stpcpy'
look 'time_format, time_parse' 'gmtime|gmtime_r|localtime|localtime_r|asctime|ctime|mktime|strftime|strptime'
look 'chance.h' 'rand|srand|random|srandom|rand_r|drand48|lrand48'
look 'no shell is started' 'system|popen|wordexp'
look 'strtol with checks' 'atoi|atol|atoll|atof|sscanf'
look 'memory.h' 'alloca|malloc|calloc|realloc|strdup|strndup|asprintf|vasprintf' \
    '(proto|trust|broker|nodes|steward)/.*'
look 'arena or memory.h' 'alloca'
look 'disk.h, or mkstemp and mkdtemp in tests' 'mktemp|tmpnam|tempnam'
look 'wait for the event; turn the clock' 'sleep|usleep|nanosleep|clock_nanosleep|thrd_sleep|zclock_sleep'
look 'struct clock' 'time|gettimeofday|clock_gettime|clock|zclock_time|zclock_mono' \
    '(common/(vault|store|link|settings|json|http)|proto|trust|broker|nodes|steward)/.*'
look 'struct chance' 'getrandom|getentropy|arc4random|randombytes_buf|randombytes_uniform|randombytes_random' \
    '(common/(store|link|settings|json|http)|proto|trust|broker|nodes|steward)/.*'
look 'only main.c and cmd_*.c may end the process' 'exit|_exit|quick_exit' \
    '(common/(vault|store|link|settings|json|http)|proto|trust)/.*'
look 'PROMISE, which stays on in release builds' 'assert' \
    '(common|proto|trust|broker|nodes|steward)/.*'

# Shell scripts of ours wait for an event, too.
scripts=$(files_like '^(tests/.*\.sh|dev|\.ci/run)$' | grep -v '^tests/checks/banned\.sh$')
# shellcheck disable=SC2086
grep -HnE '(^|[;&|(]|do|then|else)[[:space:]]*sleep[[:space:]]' $scripts |
    sed 's#$#   <- wait for the event#' >>"$FOUND" || true

finish "$(wc -l <"$FOUND.code")" "use what stands behind the arrow instead."
