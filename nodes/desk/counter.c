/* SPDX-License-Identifier: Apache-2.0
 * A minute at the counter: nothing is kept, and the answer is no class (docs/CARE.md 12.9).
 */
#include "forms.h"
#include "inside.h"
#include "memory.h"

enum status use_triage(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    const struct triage *triage = forms_triage(desk->forms);
    enum said said[TRIAGE_ITEMS_MAX] = {SAID_NOT_ASKED};
    struct trouble trouble = {""};
    const char *language = json_find_text(request, "lang");
    const struct triage_text *text =
        forms_triage_text(desk->forms, language ? language : "eng");

    (void)verb;
    for (size_t i = 0; i < triage->n; i++) {
        char name[sizeof(triage->items[i].id)] = {'t', triage->items[i].id[1], '\0'};
        size_t answer = SAID_NOT_ASKED;
        enum status status =
            json_may_choice(request, name, SAID_WORDS, SAID_COUNT, &answer, &trouble);

        if (status != STATUS_OK)
            return desk_refuse(problem, status, &trouble);
        said[i] = (enum said)answer;
    }
    enum triage_result result = triage_decide(triage, said);
    int64_t answered = 0;
    struct json *json = json_new_object(), *items = json_new_list();

    json_put_text(json, "result", triage_result_word(result));
    for (size_t i = 0; text && i < triage->n; i++) {
        struct json *one = json_new_object();

        char field[sizeof(triage->items[i].id)] = {'t', triage->items[i].id[1], '\0'};

        answered += said[i] != SAID_NOT_ASKED;
        json_put_text(one, "item", triage->items[i].id);
        json_put_text(one, "field", field);
        json_put_text(one, "text", triage_text_item(text, i));
        if (triage_text_say(text, i))
            json_put_text(one, "say", triage_text_say(text, i));
        json_put_text(one, "answer", SAID_WORDS[said[i]]);
        json_add(items, &one);
    }
    if (text)
        json_put_text(json, "text", triage_text_result(text, result));
    json_put_int(json, "answered", answered);
    json_give(json, "items", &items);
    *ret = json;
    return STATUS_OK;
}
