#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The style sheet serves both directions of writing with the same rules, so it names no left and no right, sizes
# boxes along the text, and takes nothing but the fonts that are built with it. A width in the condition of @media
# speaks of the window and may stay.
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM

# physical FILE: lines "number:text" that break the rule. Comments and conditions of @media are taken out first.
physical() {
    awk '
    {
        line = $0; code = ""
        while (line != "") {
            if (inside) {
                end = index(line, "*/")
                if (!end) break
                inside = 0; line = substr(line, end + 2)
            } else {
                start = index(line, "/*")
                if (!start) { code = code line; break }
                code = code substr(line, 1, start - 1); inside = 1; line = substr(line, start + 2)
            }
        }
        gsub(/@media[^{]*/, "", code)
        print NR ":" code
    }' "$1" | grep -E "$BROKEN" | grep -vE '^[0-9]+:[^u]*src: url\("[A-Za-z-]+\.woff2"\) format\("woff2"\);$' || true
}

SIDE='(^|[^a-z])(left|right)([^a-z]|$)'
EDGE='(margin|padding|border)-(top|bottom)|[;{[:space:]:](top|bottom)[[:space:]]*:'
SIZE='[;{[:space:]:](min-|max-)?(width|height)[[:space:]]*:'
FOUR='(margin|padding|inset|border-width|border-style|border-color)[[:space:]]*:[[:space:]]*[^[:space:];}]+([[:space:]]+[^[:space:];}]+){3}'
FOREIGN='url\(|@import|image-set\('
BROKEN="$SIDE|$EDGE|$SIZE|$FOUR|$FOREIGN"

# The search itself is tried first: each planted line has to be found, and the good ones not.
planted() {
    cat <<'LINES'
p { margin-left: 1rem; }
p { padding-right: 1rem; }
p { left: 0; }
right: 0;
p { text-align: right; }
p { float: left; }
p { border-top-left-radius: 1px; }
p { width: 10rem; }
p { max-height: 10rem; }
p { margin-top: 1rem; }
p { top: 0; }
p { margin: 1px 2px 3px 4px; }
p { background: url("https://elsewhere.example/x.png"); }
@import "other.css";
@media (max-width: 40rem) { p { min-width: 1rem; } }
/* a word */ p { right: 0; } /* another */
LINES
}
good() {
    cat <<'LINES'
@media (max-width: 40rem) { p { inline-size: 100%; } }
p { line-height: 2; border-width: 1px 2px; margin: 0 auto; } /* left and right of it */
p { text-align: start; border-block-end-width: 2px; inset-inline-start: 0; }
  src: url("NotoNaskhArabic-Bold.woff2") format("woff2");
LINES
}
planted | while read -r line; do
    printf '%s\n' "$line" >"$FOUND.line"
    [ -n "$(physical "$FOUND.line")" ] || echo "style.sh does not see: $line" >>"$FOUND"
done
good >"$FOUND.line"
physical "$FOUND.line" | sed 's/^/style.sh takes this for an error: /' >>"$FOUND"

files_like '^nodes/web/.*\.css$' >"$FOUND.files"
looked=0
while read -r file; do
    physical "$file" | sed "s|^|$file:|" >>"$FOUND"
    looked=$((looked + $(wc -l <"$file")))
done <"$FOUND.files"
finish "$looked" "say it along the text: margin-inline-start, text-align: start, inline-size, inset-block-start; fonts stand in CMakeLists.txt."
