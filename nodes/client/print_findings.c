/* SPDX-License-Identifier: Apache-2.0 */
#include "print_findings.h"

#include <stdio.h>

#include "findings.h"
#include "table.h"

void print_findings(const struct json *answer)
{
    static const char *const titles[] = {"PROBE", "RESULT", "WHAT", NULL};
    struct table *table = table_new(titles, true);
    const struct json *items = json_find(answer, "items");

    for (size_t i = 0; i < json_count(items); i++) {
        const struct json *one = json_nth(items, i);
        const char *name = json_find_text(one, "finding");
        const struct finding *finding = name ? finding_find(name) : NULL;

        table_add(table,
            (const char *const[]){json_find_text(one, "probe"),
                json_find_text(one, "result"), finding ? finding->sentence : name});
    }
    table_print(table);
    table_destroy(&table);
    if (!json_find(answer, "looked_at"))
        (void)fprintf(stderr,
            "Home and line were not looked at since the node started: \"amaan "
            "doctor\".\n");
}
