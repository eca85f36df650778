/*  =========================================================================
    test_request - what the load generator says

    By the servers' own parser: what it says is valid, and news.
    =========================================================================
*/

#include "unit/spans.h"

#include "command/command.h"
#include "load/request.h"
#include "reports/osmand.h"
#include "reports/position.h"

#include <stdlib.h>
#include <string.h>

#define HOST "[2001:db8::1]:16000"

//  A second before its digits become ten nines
#define NOW_NS INT64_C (1479413883999999990)


//  Print a request; its lines are as good as the buffer

static span_t
s_print (request_t *self, request_kind_t kind, uint32_t id)
{
    static char buffer [REQUEST_SIZE_MAX];
    memset (buffer, '!', sizeof (buffer));
    size_t size = request_print (self, kind, id, HOST, buffer);
    assert_true (size <= sizeof (buffer));
    return (span_t){buffer, size};
}


//  The request is one line, and a command

static command_t
s_command (span_t request)
{
    command_t command;
    span_t line = span_until (&request, '\n');
    assert_int_equal (request.size, 0);
    command_parse (&command, line, LOCATION_CLIENT_SIZE_MAX);
    return command;
}


static void
an_iamat_looks_as_assigned (void **state)
{
    (void) state;
    request_t self;
    request_init (&self, SPEECH_ZHERD, NOW_NS);
    span_t line = s_print (&self, REQUEST_IAMAT, 1234);
    command_t command = s_command (line);
    assert_int_equal (line.size, 70);
    assert_int_equal (command.kind, COMMAND_IAMAT);
    assert_text (command.client, "c0001234.cs.ucla.edu");
    assert_text (command.stamp, "1479413883.999999991");
    assert_int_equal (command.place.size, strlen ("+34.068930-118.445127"));
    assert_memory_equal (command.place.data, "+34.0", 5);
    assert_memory_equal (command.place.data + 10, "-118.4", 6);
}


//  Whoever it is of, each is a nanosecond later than the one before; ids and
//  places are many

static void
every_iamat_is_news (void **state)
{
    (void) state;
    static const uint32_t ids [] = {0, 7, 9999999, 123456};
    request_t self;
    instant_t before = {NOW_NS / 1000000000, NOW_NS % 1000000000};
    char place [22] = "";
    request_init (&self, SPEECH_ZHERD, NOW_NS);
    for (uint32_t at = 0; at < 300000; at++) {
        command_t command =
            s_command (s_print (&self, REQUEST_IAMAT, ids [at % COUNT (ids)]));
        instant_t since = instant_since (command.stamped, before);
        assert_int_equal (command.kind, COMMAND_IAMAT);
        assert_int_equal (since.seconds, 0);
        assert_int_equal (since.nanoseconds, 1);
        assert_memory_not_equal (command.place.data, place, 21);
        assert_int_equal (strtoul (command.client.data + 1, NULL, 10),
            ids [at % COUNT (ids)]);
        memcpy (place, command.place.data, 21);
        before = command.stamped;
    }
}


static instant_t
s_stamped (request_t *self)
{
    return s_command (s_print (self, REQUEST_IAMAT, 0)).stamped;
}


//  It may also stand still, or go back

static void
stamps_follow_the_clock (void **state)
{
    (void) state;
    request_t self;
    request_init (&self, SPEECH_ZHERD, NOW_NS);
    request_clock (&self, INT64_C (2000000000012345678));
    instant_t one = s_stamped (&self);
    request_clock (&self, INT64_C (2000000000012345678));
    instant_t other = s_stamped (&self);
    request_clock (&self, NOW_NS);
    instant_t last = s_stamped (&self);
    assert_int_equal (one.seconds, 2000000000);
    assert_int_equal (one.nanoseconds, 12345679);
    assert_int_equal (other.nanoseconds, 12345680);
    assert_int_equal (last.nanoseconds, 12345681);
}


static void
a_whatsat_asks_for_what_was_set (void **state)
{
    (void) state;
    request_t self;
    request_init (&self, SPEECH_ZHERD, NOW_NS);
    command_t command = s_command (s_print (&self, REQUEST_WHATSAT, 42));
    assert_int_equal (command.kind, COMMAND_WHATSAT);
    assert_text (command.client, "c0000042.cs.ucla.edu");
    assert_int_equal (command.radius_mm, 10000000);
    assert_int_equal (command.bound, 5);

    request_ask (&self, "0.25", 20);
    command = s_command (s_print (&self, REQUEST_WHATSAT, 42));
    assert_int_equal (command.kind, COMMAND_WHATSAT);
    assert_int_equal (command.radius_mm, 250000);
    assert_int_equal (command.bound, 20);
}


static void
a_mix_has_its_part_of_whatsats (void **state)
{
    (void) state;
    request_t self;
    unsigned whatsats = 0;
    request_init (&self, SPEECH_ZHERD, NOW_NS);
    for (unsigned at = 0; at < 10000; at++)
        assert_int_equal (request_choose (&self), REQUEST_IAMAT);
    request_mix (&self, 10);
    for (unsigned at = 0; at < 10000; at++)
        whatsats += request_choose (&self) == REQUEST_WHATSAT;
    assert_in_range (whatsats, 900, 1100);
    request_mix (&self, 100);
    for (unsigned at = 0; at < 10000; at++)
        assert_int_equal (request_choose (&self), REQUEST_WHATSAT);
}


//  RESP: "*" and a count of words, and before each word "$" and its size

static span_t
s_cut_word (span_t *rest, char sign)
{
    span_t number = span_until (rest, '\n');
    uint64_t size;
    assert_int_equal (number.data [0], sign);
    assert_int_equal (number.data [number.size - 1], '\r');
    assert_true (
        span_number ((span_t){number.data + 1, number.size - 2}, 1000, &size));
    if (sign == '*')
        return (span_t){NULL, size};
    span_t word = {rest->data, size};
    assert_true (rest->size >= size + 2);
    assert_memory_equal (rest->data + size, "\r\n", 2);
    *rest = (span_t){rest->data + size + 2, rest->size - size - 2};
    return word;
}


static void
s_check_geoadd (span_t *rest)
{
    assert_int_equal (s_cut_word (rest, '*').size, 5);
    assert_text (s_cut_word (rest, '$'), "GEOADD");
    assert_text (s_cut_word (rest, '$'), "clients");
    assert_memory_equal (s_cut_word (rest, '$').data, "-118.4", 6);
    assert_memory_equal (s_cut_word (rest, '$').data, "34.0", 4);
    assert_text (s_cut_word (rest, '$'), "c0000815.cs.ucla.edu");
}


static void
redis_is_told_in_its_own_words (void **state)
{
    (void) state;
    request_t self;
    request_init (&self, SPEECH_REDIS, NOW_NS);
    span_t rest = s_print (&self, REQUEST_IAMAT, 815);
    s_check_geoadd (&rest);
    assert_int_equal (rest.size, 0);

    request_init (&self, SPEECH_REDIS_PUBLISH, NOW_NS);
    rest = s_print (&self, REQUEST_IAMAT, 815);
    s_check_geoadd (&rest);
    assert_int_equal (s_cut_word (&rest, '*').size, 3);
    assert_text (s_cut_word (&rest, '$'), "PUBLISH");
    assert_text (s_cut_word (&rest, '$'), "locations");
    assert_int_equal (s_command (s_cut_word (&rest, '$')).kind, COMMAND_IAMAT);
    assert_int_equal (rest.size, 0);
}


static void
s_check_fix (const fix_t *fix, const char *stamp)
{
    assert_string_equal (fix->stamp, stamp);
    assert_int_equal (strlen (fix->place), strlen ("+34.068930-118.445127"));
    assert_memory_equal (fix->place, "+34.0", 5);
    assert_memory_equal (fix->place + 10, "-118.4", 6);
}


//  By the readers of the doors, and what is left is as HTTP has it

static void
over_http_it_is_as_apps_say_it (void **state)
{
    (void) state;
    request_t self;
    fix_t fix;
    request_init (&self, SPEECH_PUT, NOW_NS);
    span_t body = s_print (&self, REQUEST_IAMAT, 1234);
    span_t line = span_until (&body, '\n');
    assert_text (line, "PUT /v1/clients/c0001234.cs.ucla.edu HTTP/1.1\r");
    assert_text (span_until (&body, '\n'), "Host: " HOST "\r");
    assert_text (span_until (&body, '\n'), "Content-Type: application/json\r");
    assert_text (span_until (&body, '\n'), "Content-Length: 75\r");
    assert_text (span_until (&body, '\n'), "\r");
    assert_int_equal (body.size, 75);
    assert_null (position_read (&fix, body));
    s_check_fix (&fix, "1479413883.999999991");

    request_init (&self, SPEECH_OSMAND, NOW_NS);
    body = s_print (&self, REQUEST_IAMAT, 1234);
    line = span_until (&body, '\n');
    assert_text (body, "Host: " HOST "\r\n\r\n");
    assert_text (span_until (&line, '?'), "GET /osmand");
    assert_int_equal (
        osmand_read (&fix, span_until (&line, ' '), body), FIX_FOUND);
    assert_text (line, "HTTP/1.1\r");
    assert_string_equal (fix.id, "c0001234.cs.ucla.edu");
    s_check_fix (&fix, "1479413883.999999991");
}


static void
who_is_near_is_asked_over_http (void **state)
{
    (void) state;
    request_t self;
    request_init (&self, SPEECH_PUT, NOW_NS);
    request_ask (&self, "0.25", 20);
    span_t rest = s_print (&self, REQUEST_WHATSAT, 1234);
    assert_text (span_until (&rest, '='), "GET /v1/clients?near");
    span_t latitude = span_until (&rest, ',');
    assert_int_equal (latitude.size, strlen ("34.068930"));
    assert_memory_equal (latitude.data, "34.0", 4);
    span_t longitude = span_until (&rest, '&');
    assert_int_equal (longitude.size, strlen ("-118.445127"));
    assert_memory_equal (longitude.data, "-118.4", 6);
    assert_text (rest, "km=0.25&limit=20 HTTP/1.1\r\nHost: " HOST "\r\n\r\n");
}


//  A minute of latitude is a sea mile, and 600 steps of 10^-6 degree 67 m

static void
who_walks_stays_within_a_hundred_metres (void **state)
{
    request_t self;
    (void) state;
    request_init (&self, SPEECH_ZHERD, NOW_NS);
    request_walk (&self);
    for (int report = 0; report < 1000; report++) {
        span_t place = s_command (s_print (&self, REQUEST_IAMAT, 4711)).place;
        double latitude = strtod (place.data, NULL);
        double longitude = strtod (place.data + 10, NULL);
        assert_true (latitude >= 34.011 && latitude < 34.0116);
        assert_true (longitude <= -118.447 && longitude > -118.4476);
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (an_iamat_looks_as_assigned),
        cmocka_unit_test (every_iamat_is_news),
        cmocka_unit_test (stamps_follow_the_clock),
        cmocka_unit_test (a_whatsat_asks_for_what_was_set),
        cmocka_unit_test (a_mix_has_its_part_of_whatsats),
        cmocka_unit_test (redis_is_told_in_its_own_words),
        cmocka_unit_test (over_http_it_is_as_apps_say_it),
        cmocka_unit_test (who_is_near_is_asked_over_http),
        cmocka_unit_test (who_walks_stays_within_a_hundred_metres),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
