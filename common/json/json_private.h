/* SPDX-License-Identifier: Apache-2.0
 *
 * json_private: a struct json is jansson's json_t under a name of ours.
 */
#ifndef AMAAN_JSON_PRIVATE_H
#define AMAAN_JSON_PRIVATE_H

#include <jansson.h>

#include "json.h"

static inline const json_t *inside(const struct json *json)
{
    return (const json_t *)json;
}

static inline json_t *inside_new(struct json *json)
{
    return (json_t *)json;
}

static inline struct json *outside(json_t *json)
{
    return (struct json *)json;
}

/* Before the first value is made: memory comes from memory_new and is wiped when freed. */
void json_use_our_memory(void);

#endif
