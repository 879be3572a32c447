#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every file of ours names its licence in its first three lines.
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM

files_like '(\.[ch]|\.sh|\.awk|\.proto|^config/.*\.(conf|service)|(^|/)CMakeLists\.txt|^dev|^\.ci/run)$' >"$FOUND.files"
while read -r file; do
    head -n 3 "$file" | grep -q 'SPDX-License-Identifier: Apache-2\.0' || echo "$file: no SPDX line"
done <"$FOUND.files" >"$FOUND"
finish "$(wc -l <"$FOUND.files")" "begin the file with a comment: SPDX-License-Identifier: Apache-2.0"
