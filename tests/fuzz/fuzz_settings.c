/* SPDX-License-Identifier: Apache-2.0
 * Configuration files, against a table with a row of each type. What is taken can be written with its values and
 * read again to the same; what is refused is refused with a sentence.
 */
#include <string.h>

#include "fuzz.h"
#include "memory.h"
#include "settings.h"

static const struct setting ROWS[] = {
    {"link/endpoint", SETTING_TEXT, "tcp://127.0.0.1:7117", 0, 255, NULL,
        "Where to listen."},
    {"link/broker-key", SETTING_TEXT, "", 0, 64, NULL, "A key."},
    {"mailbox/mib", SETTING_INT, "64", 1, 64, NULL, "How much."},
    {"node/express", SETTING_FLAG, "no", 0, 0, NULL, "Whether."},
    {"log/level", SETTING_CHOICE, "info", 0, 0, "warning info debug", "How loud."},
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct settings *settings = NULL, *again = NULL;
    struct trouble trouble = {""};
    struct buffer text;
    const char *values[ARRAY_LENGTH(ROWS)] = {NULL};

    if (settings_parse(ROWS, ARRAY_LENGTH(ROWS), span_of(bytes, n), "fuzz.conf",
            &settings, &trouble) != STATUS_OK) {
        PROMISE(settings == NULL && strstr(trouble.text, "fuzz.conf") != NULL);
        return 0;
    }
    values[0] = settings_text(settings, ROWS[0].name);
    values[1] = settings_text(settings, ROWS[1].name);
    values[4] = settings_text(settings, ROWS[4].name);
    PROMISE(settings_int(settings, ROWS[2].name) >= 1);
    PROMISE(settings_int(settings, ROWS[2].name) <= 64);
    (void)settings_flag(settings, ROWS[3].name);
    buffer_init(&text, SETTINGS_BYTES_MAX);
    if (settings_sample(ROWS, ARRAY_LENGTH(ROWS), "fuzz", values, &text) == STATUS_OK) {
        PROMISE(settings_parse(ROWS, ARRAY_LENGTH(ROWS), buffer_span(&text), "again.conf",
                    &again, &trouble) == STATUS_OK);
        for (size_t i = 0; i < ARRAY_LENGTH(ROWS); i++)
            if (values[i])
                PROMISE(strcmp(settings_text(again, ROWS[i].name), values[i]) == 0);
    }
    buffer_release(&text);
    settings_destroy(&again);
    settings_destroy(&settings);
    return 0;
}
