# SPDX-License-Identifier: Apache-2.0
# C without comments, as "file:line:code". String and character literals are emptied unless keep is 1.
FNR == 1 { in_comment = 0 }
{
    out = ""
    n = length($0)
    for (i = 1; i <= n; i++) {
        c = substr($0, i, 1)
        two = substr($0, i, 2)
        if (in_comment) {
            if (two == "*/") { in_comment = 0; i++ }
            continue
        }
        if (two == "/*") { in_comment = 1; i++; continue }
        if (two == "//") break
        if (c == "\"" || c == "'") {
            out = out c
            for (i++; i <= n && substr($0, i, 1) != c; i++) {
                if (keep) out = out substr($0, i, 1)
                if (substr($0, i, 1) == "\\") {
                    i++
                    if (keep) out = out substr($0, i, 1)
                }
            }
            out = out c
            continue
        }
        out = out c
    }
    if (out ~ /[^ \t]/) print FILENAME ":" FNR ":" out
}
