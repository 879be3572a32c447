/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "memory.h"
#include "subnet.h"

static void subnet__takes_private_addresses_alone(void **state)
{
    static const struct {
        const char *text;
        enum status status;
    } ROWS[] = {{"192.168.4.20", STATUS_OK}, {"10.0.0.1", STATUS_OK},
        {"172.16.0.1", STATUS_OK}, {"172.31.255.1", STATUS_OK}, {"127.0.0.1", STATUS_OK},
        {"172.15.0.1", STATUS_DENIED}, {"172.32.0.1", STATUS_DENIED},
        {"8.8.8.8", STATUS_DENIED}, {"0.0.0.0", STATUS_DENIED},
        {"255.255.255.255", STATUS_DENIED}, {"169.254.1.1", STATUS_DENIED},
        {"100.64.0.1", STATUS_DENIED}, {"192.169.0.1", STATUS_DENIED},
        {"11.0.0.1", STATUS_DENIED}, {"", STATUS_MALFORMED},
        {"192.168.4", STATUS_MALFORMED}, {"192.168.4.256", STATUS_MALFORMED},
        {"192.168.4.20 ", STATUS_MALFORMED}, {"192.168.04.20", STATUS_MALFORMED},
        {"0xc0.168.4.20", STATUS_MALFORMED}, {"fe80::1", STATUS_MALFORMED},
        {"amaan.office.internal", STATUS_MALFORMED}};
    uint8_t address[SUBNET_ADDRESS_BYTES];

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(ROWS); i++) {
        struct trouble trouble = {""};

        assert_status(subnet_parse(ROWS[i].text, address, &trouble), ROWS[i].status);
        if (ROWS[i].status != STATUS_OK)
            assert_holds(trouble.text, "Nothing was changed.");
    }
}

static void subnet__holds_neighbours_and_nobody_else(void **state)
{
    const struct subnet net = {{192, 168, 4, 20}, {255, 255, 255, 0}};
    const struct subnet odd = {{10, 1, 2, 130}, {255, 255, 255, 128}};
    static const struct {
        uint8_t address[4];
        bool in_net, in_odd;
    } ROWS[] = {{{192, 168, 4, 1}, true, false}, {{192, 168, 4, 254}, true, false},
        {{192, 168, 4, 0}, false, false}, {{192, 168, 4, 255}, false, false},
        {{192, 168, 5, 1}, false, false}, {{10, 1, 2, 129}, false, true},
        {{10, 1, 2, 127}, false, false}, {{10, 1, 2, 128}, false, false},
        {{10, 1, 2, 255}, false, false}, {{8, 8, 8, 8}, false, false}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(ROWS); i++) {
        assert_int_equal(subnet_holds(&net, ROWS[i].address), ROWS[i].in_net);
        assert_int_equal(subnet_holds(&odd, ROWS[i].address), ROWS[i].in_odd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subnet__takes_private_addresses_alone),
        cmocka_unit_test(subnet__holds_neighbours_and_nobody_else),
    };
    return cmocka_run_group_tests_name("subnet", tests, NULL, NULL);
}
