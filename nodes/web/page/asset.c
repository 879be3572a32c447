/* SPDX-License-Identifier: Apache-2.0 */
#include "page.h"

#include <string.h>

const struct page_asset *page_asset_find(const char *name)
{
    for (size_t i = 0; i < PAGE_ASSETS_N; i++)
        if (strcmp(PAGE_ASSETS[i].name, name) == 0)
            return &PAGE_ASSETS[i];
    return NULL;
}
