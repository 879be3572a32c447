/* SPDX-License-Identifier: Apache-2.0
 * The JSON of a request to refer, as a program on this machine may send it. Whatever is taken can be encoded as a
 * letter's body; whatever is refused is refused with a sentence and a code.
 */
#include <string.h>

#include "api.h"
#include "fuzz.h"
#include "inside.h"
#include "memory.h"

static struct desk desk;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct profile profile = {.name = "shelter.peshawar",
        .roles = 1u << (ROLE_SHELTER - 1),
        .services = (1u << (SERVICE_SHELTER - 1)) | (1u << (SERVICE_SUPPLIES - 1)),
        .hours = "",
        .contact = ""};
    struct profiles profiles = {.version = 1, .n = 1, .profiles = &profile};
    struct buffer bytes;

    (void)argc;
    (void)argv;
    profile.node_id.bytes[0] = 1;
    buffer_init(&bytes, 4096);
    PROMISE(profiles_encode(&profiles, &bytes) == STATUS_OK);
    desk.directory = directory_new();
    desk.options.roles = 1u << (ROLE_SCREENING - 1);
    PROMISE(directory_load(desk.directory, buffer_span(&bytes)) == STATUS_OK);
    buffer_release(&bytes);
    PROMISE(matrix_read_own(&desk.matrix, NULL) == STATUS_OK);
    PROMISE(consent_texts_open(&desk.texts, NULL) == STATUS_OK);
    return 0;
}

/* Whatever is taken as a consent is one. */
static void read_consent(
    const struct json *request, const struct referral *referral, const struct profile *to)
{
    struct refer_plan plan = {.to = to, .referral = *referral, .today = 20781};
    struct problem problem = {0};
    struct consent consent;

    if (refer_consent_read(&desk, request, &plan, &consent, &problem) == STATUS_OK)
        PROMISE(consent_check(&consent, false) == CONSENT_RIGHT);
    else
        PROMISE(problem.code != NULL && problem.http >= 400 && *problem.detail.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct json *request = NULL;
    struct problem problem = {0};
    struct referral referral;
    const struct profile *to;
    struct buffer body;

    if (json_parse(span_of(bytes, n), API_BODY_BYTES_MAX, &request, NULL) != STATUS_OK)
        return 0;
    enum status status =
        refer_read(&desk, verb_find("refer"), request, &referral, &to, &problem);
    if (status == STATUS_OK) {
        reference_new(chance_system(), referral.reference);
        buffer_init(&body, 32768);
        if (!json_find(request, "case"))
            PROMISE(referral_encode(&referral, &body) == STATUS_OK);
        buffer_release(&body);
        read_consent(request, &referral, to);
    } else {
        PROMISE(problem.code != NULL && problem.http >= 400 && *problem.detail.text);
    }
    json_destroy(&request);
    return 0;
}
