/* SPDX-License-Identifier: Apache-2.0
 *
 * disclosure and matrix: what one recipient gets for one service (docs/CARE.md 14). People are invented.
 */
#include "check.h"
#include "disclosure.h"
#include "disclosure_policy.data.h"
#include "memory.h"
#include "seeded.h"

#define ROLE(role) (UINT32_C(1) << ((role)-1))

static struct matrix matrix;

static int set_up(void **state)
{
    (void)state;
    struct trouble trouble = {""};
    if (matrix_read_own(&matrix, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    return 0;
}

static struct person known_person(void)
{
    struct person person = {.age_band = AGE_9_17,
        .minor = MINOR_YES,
        .gender = GENDER_FEMALE,
        .n_languages = 1,
        .languages = {"pus"},
        .preferred_name = "Gulnamoona",
        .full_name = "Gulnamoona Farziwala",
        .has_birth_day = true,
        .birth_day_ms = INT64_C(1262304000000),
        .safe_contact = "by the counsellor",
        .district = "PK513",
        .urgent_health = URGENT_INJURY,
        .health = "invented cut",
        .access = "no stairs",
        .risk = RISK_HIGH,
        .searched_for = true,
        .dependants = 1,
        .exploitation = EXPLOITATION_LABOUR,
        .skills = "sews",
        .guardian = "invented aunt"};
    return person;
}

/* The policy with one word replaced must be refused with a sentence that holds the word. */
static void assert_refused(const char *from, const char *to, const char *holds)
{
    struct trouble trouble = {""};
    struct matrix read;
    char *text = memory_new(DISCLOSURE_POLICY_BYTES + 1), *changed;
    memcpy(text, DISCLOSURE_POLICY, DISCLOSURE_POLICY_BYTES);
    char *at = strstr(text, from);
    assert_non_null(at);
    changed = memory_new(DISCLOSURE_POLICY_BYTES + strlen(to) + 1);
    memcpy(changed, text, (size_t)(at - text));
    snprintf(changed + (at - text),
        DISCLOSURE_POLICY_BYTES + strlen(to) + 1 - (size_t)(at - text), "%s%s", to,
        at + strlen(from));
    assert_status(matrix_read(span_text(changed), &read, &trouble), STATUS_MALFORMED);
    assert_holds(trouble.text, holds);
    memory_free(text);
    memory_free(changed);
}

static void matrix__of_the_program_has_a_cell_for_every_service_and_group(void **state)
{
    (void)state;
    assert_true(matrix.version >= 1);
    for (int service = 1; service < SERVICE_COUNT; service++) {
        assert_int_equal(
            matrix_cell(&matrix, (enum service)service, GROUP_BIT(GROUP_CORE)),
            CELL_ALWAYS);
        assert_int_equal(
            matrix_cell(&matrix, (enum service)service, NOTE_BIT), CELL_IF_CONSENTED);
    }
    assert_int_equal(
        matrix_cell(&matrix, SERVICE_SHELTER, GROUP_BIT(GROUP_HEALTH)), CELL_NEVER);
    assert_int_equal(
        matrix_cell(&matrix, SERVICE_MEDICAL, GROUP_BIT(GROUP_HEALTH)), CELL_ALWAYS);
    assert_int_equal(
        matrix_cell(&matrix, SERVICE_COORDINATION, GROUP_BIT(GROUP_NAME)), CELL_NEVER);
    assert_int_equal(
        matrix_cell(&matrix, SERVICE_SUPPLIES, GROUP_BIT(GROUP_NAME)), CELL_NEVER);
}

static void matrix__is_a_draft_until_a_person_signed_it(void **state)
{
    (void)state;
    assert_refused("\"state\": \"draft\"", "\"state\": \"reviewed\"", "reviewed");
    assert_refused("\"reviewed_by\": \"\"", "\"reviewed_by\": \"Nobody\"", "draft");
}

static void matrix__refuses_a_gap_a_double_and_what_it_does_not_know(void **state)
{
    (void)state;
    assert_refused("\"services\": [\"supplies\"]", "\"services\": []", "supplies");
    assert_refused(
        "\"services\": [\"medical\"]", "\"services\": [\"shelter\"]", "shelter");
    assert_refused(
        "\"services\": [\"medical\"]", "\"services\": [\"surgery\"]", "surgery");
    assert_refused("\"core\": \"always\"", "\"core\": \"never\"", "core");
    assert_refused("\"note\": \"if-consented\"", "\"note\": \"always\"", "note");
    assert_refused("\"name\": \"if-consented\"", "\"name\": \"perhaps\"", "name");
    assert_refused("\"guardian\": \"never\"", "\"religion\": \"never\"", "religion");
    assert_refused("\"guardian\": \"never\",", "", "guardian");
    assert_refused("\"version\": 1", "\"version\": true", "version");
    assert_refused("\"policy\": \"disclosure\"", "\"policy\": \"retention\"", "policy");
}

/* DP05, by chance: nothing travels that matrix, consent and wish do not all let through. */
static void dp05__what_travels_is_within_matrix_and_consent_and_service(void **state)
{
    (void)state;
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 5);
    struct person person = known_person();
    for (int round = 0; round < 20000; round++) {
        uint32_t dice[4];
        chance_fill(chance, dice, sizeof(dice));
        struct disclosure_ask ask = {.matrix = &matrix,
            .service = (enum service)(1 + dice[0] % (SERVICE_COUNT - 1)),
            .recipient_roles = 1 + dice[1] % ((1u << (ROLE_COUNT - 1)) - 1),
            .consented = dice[2] & DISCLOSURE_ALL,
            .wanted = dice[3] & DISCLOSURE_ALL};
        struct disclosure built = disclosure_build(&ask, &person, "invented note");
        uint32_t allowed = matrix.always[ask.service] |
                           (matrix.if_consented[ask.service] & ask.consented);
        uint32_t sent = person_groups(&built.person) | (*built.note ? NOTE_BIT : 0);
        assert_int_equal(sent & ~allowed, 0);
        assert_int_equal(sent & ~(ask.wanted | GROUP_BIT(GROUP_CORE)), 0);
        assert_int_equal(sent, built.sent);
        for (int group = 1; group < GROUP_COUNT; group++)
            assert_int_equal(
                built.why[group] == WITHHELD_NOT, (sent & GROUP_BIT(group)) != 0);
    }
}

static void disclosure__says_why_each_group_is_withheld(void **state)
{
    (void)state;
    struct person person = known_person();
    struct disclosure_ask ask = {.matrix = &matrix,
        .service = SERVICE_SHELTER,
        .recipient_roles = ROLE(ROLE_SHELTER),
        .consented = GROUP_BIT(GROUP_DEPENDANTS),
        .wanted = DISCLOSURE_ALL & ~GROUP_BIT(GROUP_RISK)};
    person.access = "";
    struct disclosure built = disclosure_build(&ask, &person, "invented note");
    assert_int_equal(built.why[GROUP_HEALTH], WITHHELD_MATRIX);
    assert_int_equal(built.why[GROUP_NAME], WITHHELD_NOT_CONSENTED);
    assert_int_equal(built.why[GROUP_RISK], WITHHELD_NOT_WANTED);
    assert_int_equal(built.why[GROUP_ACCESS], WITHHELD_UNKNOWN);
    assert_int_equal(built.why[GROUP_CONTACT], WITHHELD_NOT);
    assert_int_equal(built.why_note, WITHHELD_NOT_CONSENTED);
    assert_string_equal(built.person.safe_contact, "by the counsellor");
    assert_int_equal(built.person.urgent_health, URGENT_INJURY);
    for (int why = 0; why < WITHHELD_COUNT; why++)
        assert_non_null(withheld_name((enum withheld)why));
}

static void dp13__a_member_that_only_screens_gets_codes_and_days_alone(void **state)
{
    (void)state;
    struct person person = known_person();
    for (int service = 1; service < SERVICE_COUNT; service++) {
        struct disclosure_ask ask = {.matrix = &matrix,
            .service = (enum service)service,
            .recipient_roles = ROLE(ROLE_SCREENING),
            .consented = DISCLOSURE_ALL,
            .wanted = DISCLOSURE_ALL};
        struct disclosure built = disclosure_build(&ask, &person, "invented note");
        assert_null(built.person.preferred_name);
        assert_null(built.person.full_name);
        assert_null(built.person.safe_contact);
        assert_null(built.person.health);
        assert_null(built.person.access);
        assert_null(built.person.skills);
        assert_null(built.person.guardian);
        assert_string_equal(built.person.district, "");
        assert_false(built.person.has_birth_day);
        assert_string_equal(built.note, "");
        assert_true(built.why_note == WITHHELD_ROLE);
        ask.recipient_roles |= ROLE(ROLE_COORDINATOR); /* not only screening */
        built = disclosure_build(&ask, &person, "invented note");
        assert_string_equal(built.note, "invented note");
    }
}

/* Fields of a message of content.proto, from which the encoder is made: "type name" by number of line. */
struct field {
    char type[24], name[32];
};
enum { FIELDS_MAX = 40 };

static size_t read_fields(const char *message, struct field fields[FIELDS_MAX])
{
    char line[200], head[40];
    size_t n = 0;
    bool inside = false;
    FILE *file = fopen(AMAAN_SOURCE_DIR "/proto/content/content.proto", "r");
    assert_non_null(file);
    snprintf(head, sizeof(head), "message %s {", message);
    while (fgets(line, sizeof(line), file)) {
        if (strncmp(line, head, strlen(head)) == 0)
            inside = true;
        else if (line[0] == '}')
            inside = false;
        else if (inside && n < FIELDS_MAX) {
            const char *at = line + strspn(line, " ");
            if (strncmp(at, "repeated ", 9) == 0)
                at += 9;
            size_t type = strcspn(at, " "), name = strcspn(at + type + 1, " ");
            snprintf(fields[n].type, sizeof(fields[n].type), "%.*s", (int)type, at);
            snprintf(
                fields[n].name, sizeof(fields[n].name), "%.*s", (int)name, at + type + 1);
            assert_string_not_equal(fields[n].name, "");
            n++;
        }
    }
    fclose(file);
    assert_true(n > 0 && n < FIELDS_MAX);
    return n;
}

static void dp13__an_answer_and_an_update_have_no_field_for_text(void **state)
{
    (void)state;
    static const char *const messages[] = {"Answer", "Update"};
    struct field fields[FIELDS_MAX];
    for (size_t i = 0; i < ARRAY_LENGTH(messages); i++) {
        size_t n = read_fields(messages[i], fields);
        for (size_t k = 0; k < n; k++)
            if (strcmp(fields[k].type, "bytes") ==
                0) /* 9 characters; 32 bytes of a hash; 16 each of members' ids */
                assert_true(strcmp(fields[k].name, "reference") == 0 ||
                            strcmp(fields[k].name, "suggestions") == 0 ||
                            strcmp(fields[k].name, "body_hash") == 0);
            else
                assert_string_equal(fields[k].type, "uint32");
    }
}

static void dp30__no_field_of_any_letter_asks_for_religion_ethnicity_or_orientation(
    void **state)
{
    (void)state;
    static const char *const words[] = {"relig", "sect", "ethnic", "tribe", "caste",
        "race", "orientation", "nationality", "cnic", "passport", "photo"};
    static const char *const messages[] = {"Answer", "Update", "Person", "Referral"};
    struct field fields[FIELDS_MAX];
    for (size_t i = 0; i < ARRAY_LENGTH(messages); i++) {
        size_t n = read_fields(messages[i], fields);
        for (size_t k = 0; k < n; k++)
            for (size_t word = 0; word < ARRAY_LENGTH(words); word++)
                assert_null(strstr(fields[k].name, words[word]));
    }
    for (int group = 1; group < GROUP_COUNT; group++)
        for (size_t word = 0; word < ARRAY_LENGTH(words); word++)
            assert_null(strstr(field_group_name((enum field_group)group), words[word]));
}

static void disclosure__has_a_word_for_every_bit_and_finds_it_again(void **state)
{
    (void)state;
    uint32_t found;
    for (int bit = 0; bit < 32; bit++) {
        const char *word = disclosure_word(UINT32_C(1) << bit);
        assert_int_equal(word != NULL, (DISCLOSURE_ALL & (UINT32_C(1) << bit)) != 0);
        if (word) {
            assert_ok(disclosure_parse(word, &found));
            assert_int_equal(found, UINT32_C(1) << bit);
        }
    }
    assert_status(disclosure_parse("religion", &found), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matrix__of_the_program_has_a_cell_for_every_service_and_group),
        cmocka_unit_test(matrix__is_a_draft_until_a_person_signed_it),
        cmocka_unit_test(matrix__refuses_a_gap_a_double_and_what_it_does_not_know),
        cmocka_unit_test(dp05__what_travels_is_within_matrix_and_consent_and_service),
        cmocka_unit_test(disclosure__says_why_each_group_is_withheld),
        cmocka_unit_test(dp13__a_member_that_only_screens_gets_codes_and_days_alone),
        cmocka_unit_test(dp13__an_answer_and_an_update_have_no_field_for_text),
        cmocka_unit_test(
            dp30__no_field_of_any_letter_asks_for_religion_ethnicity_or_orientation),
        cmocka_unit_test(disclosure__has_a_word_for_every_bit_and_finds_it_again),
    };
    return cmocka_run_group_tests_name("disclosure", tests, set_up, NULL);
}
