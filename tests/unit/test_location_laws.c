/*  =========================================================================
    test_location_laws - what holds for all AT lines

    The order over locations, over every three of a crowd of near equals; and
    lines that were spoilt by chance, of which none is read that no server can
    have written.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "command/command.h"

#include <stdio.h>
#include <string.h>

#define LINE                                                                   \
    "AT Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 "           \
    "1479413884.392014450"

#define CROWD 60

//  Near equals: few values of each word, so that all rules are needed

static void
s_make_crowd (chance_t *chance, char lines [CROWD][96])
{
    static const char *const stamps [] = {"1001000", "1001000.0",
        "1001000.0000000001", "1001061", "2000000", "1001060.5"};
    static const char *const differences [] = {"+0.000000000", "-60.000000000",
        "-60.000000001", "+0.500000000", "-61.000000000", "-999000.000000000"};
    for (size_t at = 0; at < CROWD; at++)
        snprintf (lines [at], 96, "AT %c %s k +%zu+1 %s",
            (char) ('A' + chance_below (chance, 2)),
            differences [chance_below (chance, COUNT (differences))],
            chance_below (chance, 2),
            stamps [chance_below (chance, COUNT (stamps))]);
}


//  Antisymmetric, and the same only for equal lines; what is plain is true

static void
two_locations_have_one_order (void **state)
{
    (void) state;
    chance_t chance = chance_new (6709);
    char lines [CROWD][96];
    s_make_crowd (&chance, lines);
    for (size_t a = 0; a < CROWD; a++)
        for (size_t b = 0; b < CROWD; b++) {
            location_t one = spans_location (lines [a]);
            location_t other = spans_location (lines [b]);
            int order = location_compare (&one, &other);
            assert_int_equal (order, -(int) location_compare (&other, &one));
            assert_int_equal (order == 0, strcmp (lines [a], lines [b]) == 0);
            size_t at = (size_t) (other.client.data - other.line.data);
            if (location_is_plainly_newer (&one, other.line, at))
                assert_int_equal (order, LOCATION_NEWER);
        }
}


static void
the_order_is_transitive (void **state)
{
    (void) state;
    chance_t chance = chance_new (1479);
    char lines [CROWD][96];
    s_make_crowd (&chance, lines);
    for (size_t a = 0; a < CROWD; a++)
        for (size_t b = 0; b < CROWD; b++)
            for (size_t c = 0; c < CROWD; c++) {
                location_t one = spans_location (lines [a]);
                location_t two = spans_location (lines [b]);
                location_t three = spans_location (lines [c]);
                if (location_compare (&one, &two) == LOCATION_OLDER &&
                    location_compare (&two, &three) == LOCATION_OLDER)
                    assert_int_equal (
                        location_compare (&one, &three), LOCATION_OLDER);
            }
}


//  Change a byte, leave it out or double it; or double a piece

static size_t
s_spoil (chance_t *chance, char *line, size_t size)
{
    static const char bytes [] = " +-.09AT_\t\r\0\x80k";
    size_t at = (size_t) chance_below (chance, size);
    size_t piece = 1;
    switch (chance_below (chance, 4)) {
    case 0:
        line [at] = bytes [chance_below (chance, sizeof bytes)];
        return size;
    case 1:
        memmove (line + at, line + at + 1, size - at - 1);
        return size - 1;
    case 2:
        piece = (size_t) chance_below (chance, size - at) + 1;
        break;
    default:
        break;
    }
    memmove (line + at + piece, line + at, size - at);
    return size + piece;
}


//  What is read, and what is written of it

static void
s_check_written (span_t line, const location_t *location)
{
    char again [LOCATION_LINE_SIZE_MAX];
    char iamat [LOCATION_LINE_SIZE_MAX];
    location_t copy = *location;
    assert_true (line.size <= sizeof again);
    location_print (&copy, again);
    assert_span (copy.line, line);
    char *end = spans_write (iamat, SPAN ("IAMAT "));
    end = spans_write (
        end, (span_t){location->client.data,
                 line.size - (size_t) (location->client.data - line.data)});
    command_t command;
    command_parse (&command, (span_t){iamat, (size_t) (end - iamat)},
        LOCATION_CLIENT_SIZE_MAX);
    assert_int_equal (command.kind, COMMAND_IAMAT);
    assert_span (command.client, location->client);
    assert_span (command.stamp, location->stamp);
}


//  Whatever a peer makes of a line: what is read a client can have told and a
//  server written, to the byte

static void
what_is_read_can_have_been_written (void **state)
{
    (void) state;
    chance_t chance = chance_new (5234);
    size_t good = 0;
    for (int round = 0; round < 200000; round++) {
        char line [1024] = LINE;
        size_t size = strlen (LINE);
        size_t faults = (size_t) chance_below (&chance, 3) + 1;
        while (faults--)
            size = s_spoil (&chance, line, size);
        location_t location;
        if (location_parse (&location, (span_t){line, size})) {
            s_check_written ((span_t){line, size}, &location);
            good++;
        }
    }
    assert_in_range (good, 20000, 150000);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (two_locations_have_one_order),
        cmocka_unit_test (the_order_is_transitive),
        cmocka_unit_test (what_is_read_can_have_been_written),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
