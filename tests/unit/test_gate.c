/*  =========================================================================
    test_gate - which requests are let in
    =========================================================================
*/

#include "unit/spans.h"

#include "web/gate.h"

#include <stdlib.h>
#include <string.h>


static gate_t *
s_gate (uint64_t per_minute)
{
    return gate_new (&(gate_options_t){.server = "Alford",
        .host = "found.example",
        .hosts = "herd.example",
        .origins = "https://map.example http://localhost:8000",
        .proxies = "127.0.0.1 2001:db8::1",
        .per_minute = per_minute});
}


static address_t
s_address (const char *text)
{
    address_t address;
    assert_true (address_read (&address, span_of (text)));
    return address;
}


//  Only what a proxy that we know says is believed, and only so far as that

static void
a_proxy_is_believed_whom_it_forwards_for (void **state)
{
    static const struct {
        const char *from;
        const char *forwarded;
        const char *expected;
    } rows [] = {
        {"192.0.2.9", NULL, "192.0.2.9"},
        {"192.0.2.9", "192.0.2.1", "192.0.2.9"},
        {"127.0.0.1", NULL, "127.0.0.1"},
        {"127.0.0.1", "", "127.0.0.1"},
        {"127.0.0.1", "192.0.2.1", "192.0.2.1"},
        {"127.0.0.1", "192.0.2.66, 192.0.2.1", "192.0.2.1"},
        {"127.0.0.1", "192.0.2.1, 2001:db8::1", "192.0.2.1"},
        {"2001:db8::1", "2001:db8::77,127.0.0.1", "2001:db8::77"},
        {"127.0.0.1", "192.0.2.1, evil", "127.0.0.1"},
        {"127.0.0.1", "192.0.2.1,", "127.0.0.1"},
        {"127.0.0.1", "127.0.0.1", "127.0.0.1"},
    };
    gate_t *gate = s_gate (0);
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        char text [ADDRESS_TEXT_SIZE];
        exchange_request_t request = {.forwarded = rows [index].forwarded};
        address_t from = s_address (rows [index].from);
        address_t who = gate_address (gate, &request, &from);
        assert_string_equal (address_print (&who, text), rows [index].expected);
    }
    gate_destroy (&gate);
}


static void
pages_need_an_origin_that_is_ours_or_allowed (void **state)
{
    static const struct {
        const char *host;
        const char *origin;
        unsigned status;
        const char *allowed;
    } rows [] = {
        {"127.0.0.1:16000", NULL, 0, NULL},
        {"127.0.0.1:16000", "http://127.0.0.1:16000", 0, NULL},
        {"herd.example", "https://map.example", 0, "https://map.example"},
        {"herd.example", "HTTPS://MAP.example", 0, "HTTPS://MAP.example"},
        {"found.example:80", "http://localhost:8000", 0,
            "http://localhost:8000"},
        {"herd.example", "http://map.example", 403, NULL},
        {"herd.example", "https://map.example:444", 403, NULL},
        {"herd.example", "https://map.example.evil.example", 403, NULL},
        {"herd.example", "null", 403, NULL},
        {"evil.example", "https://map.example", 421, "https://map.example"},
        {NULL, "https://evil.example", 403, NULL},
        {NULL, NULL, 0, NULL},
    };
    gate_t *gate = s_gate (0);
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        exchange_request_t request = {
            .host = rows [index].host, .origin = rows [index].origin};
        exchange_response_t response = {.status = 0};
        bool refused = gate_refuses (gate, &request, true, &response);
        assert_int_equal (response.status, rows [index].status);
        assert_int_equal (refused, rows [index].status != 0);
        const char *allowed = gate_allowed_origin (gate, &request);
        assert_int_equal (allowed != NULL, rows [index].allowed != NULL);
        if (allowed)
            assert_string_equal (allowed, rows [index].allowed);
        free (response.text);
    }
    gate_destroy (&gate);
}


static void
an_asterisk_allows_all_pages (void **state)
{
    gate_t *gate = gate_new (
        &(gate_options_t){.server = "A", .host = "b", .origins = "*"});
    exchange_request_t request = {.host = "b", .origin = "null"};
    exchange_response_t response = {.status = 0};
    (void) state;
    assert_false (gate_refuses (gate, &request, false, &response));
    assert_string_equal (gate_allowed_origin (gate, &request), "*");
    gate_destroy (&gate);
}


static void
an_address_has_its_share_of_a_minute (void **state)
{
    gate_t *gate = s_gate (3);
    address_t one = s_address ("192.0.2.1");
    address_t other = s_address ("192.0.2.2");
    exchange_request_t request = {.query = span_of ("")};
    exchange_response_t response = {.status = 0};
    (void) state;
    for (int count = 0; count < 3; count++)
        assert_false (
            gate_is_over (gate, &request, &one, 60000 + count, &response));
    assert_true (gate_is_over (gate, &request, &one, 90000, &response));
    assert_int_equal (response.status, 429);
    assert_int_equal (response.wait, 31);
    free (response.text);
    assert_false (gate_is_over (gate, &request, &other, 90000, &response));
    assert_false (gate_is_over (gate, &request, &one, 120000, &response));
    gate_destroy (&gate);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_proxy_is_believed_whom_it_forwards_for),
        cmocka_unit_test (pages_need_an_origin_that_is_ours_or_allowed),
        cmocka_unit_test (an_asterisk_allows_all_pages),
        cmocka_unit_test (an_address_has_its_share_of_a_minute),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
