/*  =========================================================================
    test_message - what servers say to each other

    Written as the protocol says, to the byte; read as it was written; and
    everything else is bad, be it made by hand or by breaking good ones.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "core/message.h"

#include <stdlib.h>
#include <string.h>

#define HEAD                                                                   \
    "ZHERD/1 00000000000000ff Alford 0123456789abcdef fedcba9876543210 "
#define STATE HEAD "STATE 1 2 3 4 5 00000000deadbeef 4 0 -\n"
#define BATCH HEAD "BATCH 7 9\nAT x\nAT y\n"


static message_t
s_parse (span_t text)
{
    message_t message;
    message_parse (&message, text);
    return message;
}


static void
a_state_is_read (void **state)
{
    (void) state;
    message_t message = s_parse (SPAN (STATE));
    assert_int_equal (message.kind, MESSAGE_STATE);
    assert_int_equal (message.herd, 0xff);
    assert_text (message.sender, "Alford");
    assert_int_equal (message.incarnation, 0x0123456789abcdef);
    assert_int_equal (message.receiver, 0xfedcba9876543210);
    assert_int_equal (message.previous, 1);
    assert_int_equal (message.last, 2);
    assert_int_equal (message.tail, 3);
    assert_int_equal (message.got, 4);
    assert_int_equal (message.count, 5);
    assert_int_equal (message.root, 0xdeadbeef);
    assert_int_equal (message.depth, 4);
    assert_int_equal (message.floor, 0);
    assert_int_equal (message.flags, 0);
}


static void
a_batch_is_read (void **state)
{
    (void) state;
    message_t message = s_parse (SPAN (BATCH));
    assert_int_equal (message.kind, MESSAGE_BATCH);
    assert_int_equal (message.previous, 7);
    assert_int_equal (message.last, 9);
    assert_text (message.body, "AT x\nAT y\n");
}


static void
messages_are_written_to_the_byte (void **state)
{
    (void) state;
    char buffer [MESSAGE_HEAD_SIZE_MAX];
    message_t message = s_parse (SPAN (STATE));
    size_t size = message_print (&message, buffer);
    assert_span (((span_t){buffer, size}), SPAN (STATE));

    message = s_parse (SPAN (BATCH));
    size = message_print (&message, buffer);
    assert_span (((span_t){buffer, size}), SPAN (HEAD "BATCH 7 9\n"));
}


static void
flags_are_words (void **state)
{
    (void) state;
    static const struct {
        unsigned flags;
        const char *end;
    } rows [] = {
        {0, " -\n"},
        {MESSAGE_NAK, " nak\n"},
        {MESSAGE_LEAVING, " leaving\n"},
        {MESSAGE_NAK | MESSAGE_LEAVING, " nak,leaving\n"},
    };
    for (size_t row = 0; row < COUNT (rows); row++) {
        char buffer [MESSAGE_HEAD_SIZE_MAX];
        message_t message = s_parse (SPAN (STATE));
        message.flags = rows [row].flags;
        span_t text = {buffer, message_print (&message, buffer)};
        size_t size = strlen (rows [row].end);
        assert_span (((span_t){buffer + text.size - size, size}),
            span_of (rows [row].end));
        assert_int_equal (s_parse (text).flags, rows [row].flags);
    }
    assert_int_equal (s_parse (SPAN (HEAD "STATE 1 2 3 4 5 "
                                          "00000000deadbeef 4 0 "
                                          "leaving,nak\n"))
                          .flags,
        MESSAGE_NAK | MESSAGE_LEAVING);
}


static void
the_longest_head_fits (void **state)
{
    (void) state;
    char buffer [MESSAGE_HEAD_SIZE_MAX];
    char name [65] = "";
    memset (name, 'N', 64);
    message_t message = {.kind = MESSAGE_STATE,
        .herd = UINT64_MAX,
        .sender = span_of (name),
        .incarnation = UINT64_MAX,
        .receiver = UINT64_MAX,
        .previous = UINT64_MAX,
        .last = UINT64_MAX,
        .tail = UINT64_MAX,
        .got = UINT64_MAX,
        .count = UINT64_MAX,
        .root = UINT64_MAX,
        .depth = UINT64_MAX,
        .floor = UINT64_MAX,
        .flags = MESSAGE_NAK | MESSAGE_LEAVING};
    size_t size = message_print (&message, buffer);
    assert_true (size < MESSAGE_HEAD_SIZE_MAX);
    message_t again = s_parse ((span_t){buffer, size});
    assert_int_equal (again.kind, MESSAGE_STATE);
    assert_text (again.sender, name);
    assert_true (again.floor == UINT64_MAX && again.previous == UINT64_MAX);
    assert_true (again.root == UINT64_MAX && again.tail == UINT64_MAX);
}


//  Every handler is total: an unknown word, bad length, wrong version is bad

static void
anything_else_is_bad (void **state)
{
    (void) state;
    static const span_t rows [] = {{NULL, 0}, BYTES (""), BYTES ("\n"),
        BYTES ("hello"), BYTES ("\0\0\0\0"),
        BYTES ("AT Alford +0.000000000 k +1+1 5\n"), BYTES ("IAMAT k +1+1 5\n"),
        BYTES ("ZHERD/1"), BYTES (HEAD),
        BYTES ("ZHERD/2 00000000000000ff A 0123456789abcdef BATCH 7 9\nAT\n"),
        BYTES ("zherd/1 00000000000000ff A 0123456789abcdef BATCH 7 9\nAT\n"),
        BYTES ("ZHERD/1 00000000000000FF A 0123456789abcdef BATCH 7 9\nAT\n"),
        BYTES ("ZHERD/1 ff A 0123456789abcdef BATCH 7 9\nAT\n"),
        BYTES ("ZHERD/1 00000000000000ff A 0000000000000000 BATCH 7 9\nAT\n"),
        BYTES ("ZHERD/1 00000000000000ff A 012345678 BATCH 7 9\nAT\n"),
        BYTES ("ZHERD/1  00000000000000ff A 0123456789abcdef BATCH 7 9\nAT\n"),
        BYTES (HEAD "NODE 7 9\nAT\n"), BYTES (HEAD "batch 7 9\nAT\n"),
        BYTES (HEAD "BATCH 9 7\nAT\n"), BYTES (HEAD "BATCH 7\nAT\n"),
        BYTES (HEAD "BATCH 7 9 11\nAT\n"), BYTES (HEAD "BATCH -7 9\nAT\n"),
        BYTES (HEAD "BATCH 7 9"), BYTES (HEAD "BATCH 7 9\n"),
        BYTES (HEAD "BATCH 7 9\nAT"), BYTES (HEAD "BATCH 7 9\nAT\nAT"),
        BYTES (HEAD "BATCH 7 18446744073709551616\nAT\n"), BYTES (STATE "AT\n"),
        BYTES (STATE "\n"),
        BYTES (
            HEAD "STATE 2 1 3 fedcba9876543210 4 5 00000000deadbeef 4 0 -\n"),
        BYTES (HEAD "STATE 1 2 3 4 5 00000000deadbeef 4 0\n"),
        BYTES (HEAD "STATE 1 2 3 4 5 00000000deadbeef 4 0 \n"),
        BYTES (
            HEAD "STATE 1 2 3 4 5 00000000deadbeef 4 - -\n"),
        BYTES (HEAD "STATE 1 2 3 4 00000000deadbeef 4 0 -\n"),
        BYTES (
            HEAD "STATE 1 2 3 4 5 00000000deadbeef 4 0 x\n"),
        BYTES (HEAD "STATE 1 2 3 4 5 00000000deadbeef 4 0 "
                    "nak,\xff\n"),
        BYTES (HEAD "STATE 1 2 3 4 5 00000000deadbeef 4 0 "
                    "NAK\n"),
        BYTES (HEAD "STATE 1 2 3 4 5 00000000deadbeef 4 0 "
                    "- x\n"),
        BYTES (HEAD "STATE 1 2 3 4 5 00000000deadbeef 4 0 "
                    "-\0\n")};
    for (size_t row = 0; row < COUNT (rows); row++)
        assert_row (s_parse (rows [row]).kind == MESSAGE_BAD, rows [row].data);
}


static void
of_a_bad_message_nothing_is_set (void **state)
{
    (void) state;
    static const span_t rows [] = {
        BYTES (HEAD "BATCH 9 7\nAT\n"), BYTES (HEAD "STATE 1 2 3 x\n")};
    for (size_t row = 0; row < COUNT (rows); row++) {
        message_t message = s_parse (rows [row]);
        assert_int_equal (message.sender.size, 0);
        assert_int_equal (message.body.size, 0);
        assert_int_equal (message.incarnation, 0);
        assert_int_equal (message.last, 0);
    }
}


//  Cut and change good ones: whatever comes of it is well defined

static void
a_broken_message_is_read_within_its_bounds (void **state)
{
    (void) state;
    chance_t chance = chance_new (2328);
    static const span_t good [] = {BYTES (STATE), BYTES (BATCH)};
    for (int round = 0; round < 20000; round++) {
        span_t text = good [chance_below (&chance, COUNT (good))];
        size_t size = chance_below (&chance, 4)
                          ? text.size
                          : chance_below (&chance, text.size + 1);
        char *copy = malloc (size + 1);
        assert_non_null (copy);
        memcpy (copy, text.data, size);
        for (size_t edits = chance_below (&chance, 4); edits && size; edits--)
            copy [chance_below (&chance, size)] =
                "0 \n-,9fZ\xff" [chance_below (&chance, 10)];

        //  The end of the piece of memory is the end of the message
        copy = realloc (copy, size ? size : 1);
        message_t message = s_parse ((span_t){copy, size});
        assert_true (message.previous <= message.last);
        assert_true (message.kind == MESSAGE_BAD || message.incarnation);
        assert_true (message.kind != MESSAGE_BATCH ||
                     copy + size == message.body.data + message.body.size);
        free (copy);
    }
}


static void
every_message_is_read_as_it_was_written (void **state)
{
    (void) state;
    chance_t chance = chance_new (7787);
    for (int round = 0; round < 2000; round++) {
        uint64_t mask = UINT64_MAX >> chance_below (&chance, 64);
        message_t message = {.kind = MESSAGE_STATE,
            .herd = chance_next (&chance),
            .sender = SPAN ("Holiday"),
            .incarnation = chance_next (&chance) | 1,
            .receiver = chance_next (&chance),
            .previous = chance_next (&chance) & mask >> 1,
            .tail = chance_next (&chance) & mask,
            .got = chance_next (&chance) & mask,
            .count = chance_next (&chance) & mask,
            .root = chance_next (&chance),
            .depth = chance_below (&chance, 6),
            .floor = chance_next (&chance) & mask,
            .flags = (unsigned) chance_below (&chance, 4)};
        message.last = message.previous + (chance_next (&chance) & mask >> 1);
        char one [MESSAGE_HEAD_SIZE_MAX];
        char two [MESSAGE_HEAD_SIZE_MAX];
        span_t text = {one, message_print (&message, one)};
        message_t again = s_parse (text);
        assert_int_equal (again.kind, MESSAGE_STATE);
        assert_span (((span_t){two, message_print (&again, two)}), text);
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (a_state_is_read),
        cmocka_unit_test (a_batch_is_read),
        cmocka_unit_test (messages_are_written_to_the_byte),
        cmocka_unit_test (flags_are_words),
        cmocka_unit_test (the_longest_head_fits),
        cmocka_unit_test (anything_else_is_bad),
        cmocka_unit_test (of_a_bad_message_nothing_is_set),
        cmocka_unit_test (a_broken_message_is_read_within_its_bounds),
        cmocka_unit_test (every_message_is_read_as_it_was_written),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
