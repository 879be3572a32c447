/* SPDX-License-Identifier: Apache-2.0
 *
 * web_fields: what a form or an address says, as the fields of a verb. Text becomes what the verb's argument is: a number, a
 * flag ("yes", "no"), a time in UTC ("2026-11-24T19:30" of a browser's field is Pakistan's), a list (of a field that comes several times, or of words in one); "consent.how" is the part `how` of
 * the object `consent`. What is empty was not filled in, and is absent. What the verb does not know is refused: our own
 * pages send nothing else.
 */
#ifndef AMAAN_WEB_FIELDS_H
#define AMAAN_WEB_FIELDS_H

#include "json.h"
#include "verbs.h"
#include "web_form.h"

/* Fields of the page's own in every form: session's form token, one-time key, address to come back to. */
#define WEB_FIELD_FORM "form"
#define WEB_FIELD_KEY "key"
#define WEB_FIELD_BACK "back"
/* "to=shelter.peshawar service=shelter": several boxes that can be ticked, and the verb is asked once for each of them
 * with these fields, too. Only where the page shows the answers (web_ask.form). */
#define WEB_FIELD_EACH "each"

/* MALFORMED: the trouble says which field, and that nothing was changed. */
enum status web_fields_put(const struct verb *verb, struct json *fields, const char *name,
    const char *value, struct trouble *trouble) MUST_USE;
enum status web_fields_read(const struct verb *verb, const struct web_form *form,
    struct json *fields, struct trouble *trouble) MUST_USE;
/* One value of WEB_FIELD_EACH. */
enum status web_fields_put_each(const struct verb *verb, struct json *fields,
    const char *each, struct trouble *trouble) MUST_USE;
/* What was written, for the form that is shown again: no secret. Of a name that came several times the second is NAME_2, and
 * so on; what begins with "consent." stands in the object "consent". */
struct json *web_fields_said(const struct verb *verb, const struct web_form *form);

#endif
