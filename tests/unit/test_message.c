/*  =========================================================================
    test_message - what servers say to each other

    Written as the protocol says, to the byte; read as it was written; and
    everything else is bad, be it made by hand or by breaking good ones.
    =========================================================================
*/

#include "unit/chance.h"
#include "unit/spans.h"

#include "base/base64num.h"
#include "wire/message.h"

#include <stdlib.h>
#include <string.h>

#define HEAD "ZHERD/2 AAAAAAAAAD_ Alford AEjRWeJq83v P7cuph2VDIQ 3 9 "
#define INCARNATION "AEjRWeJq83v"
#define STATE HEAD "STATE 1 1 1 4 5 AAAAADerb7v 0 -\n"
#define BATCH HEAD "BATCH 7 2 1 6\nAT x\nAT y\n"


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
    assert_int_equal (message.sent, 3);
    assert_int_equal (message.taken, 9);
    assert_int_equal (message.previous, 1);
    assert_int_equal (message.last, 2);
    assert_int_equal (message.tail, 3);
    assert_int_equal (message.got, 4);
    assert_int_equal (message.count, 5);
    assert_int_equal (message.root, 0xdeadbeef);
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
    assert_int_equal (message.tail, 10);
    assert_int_equal (message.got, 6);
    assert_text (message.body, "AT x\nAT y\n");
}


//  An audit's messages have a word and lines

static void
a_message_of_an_audit_is_read_and_written (void **state)
{
    (void) state;
    static const struct {
        message_kind_t kind;
        const char *head;
    } rows [] = {{MESSAGE_NODE, HEAD "NODE\n"}, {MESSAGE_LEAF, HEAD "LEAF\n"},
        {MESSAGE_WANT, HEAD "WANT\n"}, {MESSAGE_PUT, HEAD "PUT\n"}};
    for (size_t row = 0; row < COUNT (rows); row++) {
        char text [256];
        char head [MESSAGE_HEAD_SIZE_MAX];
        spans_write (
            spans_write (text, span_of (rows [row].head)), SPAN ("one\n\n"));
        size_t size = strlen (rows [row].head);
        message_t message = s_parse ((span_t){text, size + 5});
        assert_int_equal (message.kind, rows [row].kind);
        assert_text (message.body, "one\n\n");
        assert_int_equal (message.previous + message.last + message.tail, 0);
        assert_span (((span_t){head, message_print (&message, head)}),
            span_of (rows [row].head));
    }
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
    assert_span (((span_t){buffer, size}), SPAN (HEAD "BATCH 7 2 1 6\n"));
    message = s_parse (SPAN (HEAD "BATCH 7 2 1 6 9\n"));
    assert_int_equal (message.left, 9);
    size = message_print (&message, buffer);
    assert_span (((span_t){buffer, size}), SPAN (HEAD "BATCH 7 2 1 6 9\n"));
    assert_int_equal (
        s_parse (SPAN (HEAD "BATCH 7 2 1 6 0\n")).kind, MESSAGE_BAD);
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
        {MESSAGE_LOADING, " loading\n"},
        {MESSAGE_DEAF, " deaf\n"},
        {MESSAGE_SWEEPING, " sweeping\n"},
        {MESSAGE_NAK | MESSAGE_LEAVING, " nak,leaving\n"},
        {MESSAGE_NAK | MESSAGE_LEAVING | MESSAGE_LOADING | MESSAGE_DEAF,
            " nak,leaving,loading,deaf\n"},
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
    assert_int_equal (
        s_parse (SPAN (HEAD "STATE 1 1 1 4 5 AAAAADerb7v 0 leaving,nak\n"))
            .flags,
        MESSAGE_NAK | MESSAGE_LEAVING);
}


static void
the_longest_head_fits (void **state)
{
    (void) state;
    char buffer [MESSAGE_HEAD_SIZE_MAX];
    char name [65] = "";
    char codes [513] = "";
    memset (name, 'N', 64);
    memset (codes, 'c', sizeof (codes) - 1);
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
        .floor = UINT64_MAX,
        .flags = MESSAGE_NAK | MESSAGE_LEAVING | MESSAGE_LOADING |
                 MESSAGE_DEAF | MESSAGE_SWEEPING | MESSAGE_SETTLED |
                 MESSAGE_AUDITING,
        .sent = UINT64_MAX,
        .taken = UINT64_MAX,
        .clock_ms = UINT64_MAX,
        .ttl = UINT64_MAX,
        .loaded = UINT64_MAX,
        .nobody = UINT64_MAX,
        .left = UINT64_MAX,
        .source = span_of (name),
        .hears = span_of (codes),
        .spare = span_of (codes)};
    size_t size = message_print (&message, buffer);
    assert_true (size < MESSAGE_HEAD_SIZE_MAX);
    message_t again = s_parse ((span_t){buffer, size});
    assert_int_equal (again.kind, MESSAGE_STATE);
    assert_text (again.sender, name);
    assert_true (again.floor == UINT64_MAX && again.previous == UINT64_MAX);
    assert_true (again.root == UINT64_MAX && again.tail == UINT64_MAX);
}


//  So that this version is the last break: what a later one adds is passed over

static void
unknown_flags_and_names_are_passed_over (void **state)
{
    (void) state;
    message_t message = s_parse (SPAN (HEAD
        "STATE 1 1 1 4 5 AAAAADerb7v 0 new,nak more=a=b clock=7 source=Ball "
        "x= \n"));
    assert_int_equal (message.kind, MESSAGE_BAD);
    message = s_parse (SPAN (HEAD
        "STATE 1 1 1 4 5 AAAAADerb7v 0 new,nak more=a=b clock=7 source=Ball "
        "ttl=3 loaded=4 nobody=5 left=6 hears=AAAAAAAB spare=AAAAAAAC\n"));
    assert_int_equal (message.kind, MESSAGE_STATE);
    assert_int_equal (message.flags, MESSAGE_NAK);
    assert_int_equal (message.clock_ms, 7);
    assert_int_equal (message.ttl, 3);
    assert_int_equal (message.loaded, 4);
    assert_int_equal (message.nobody, 5);
    assert_int_equal (message.left, 6);
    assert_text (message.source, "Ball");
    assert_text (message.hears, "AAAAAAAB");
    assert_text (message.spare, "AAAAAAAC");
}


static void
another_version_is_named (void **state)
{
    (void) state;
    message_t message =
        s_parse (SPAN ("ZHERD/1 AAAAAAAAAD_ A " INCARNATION " STATE\n"));
    assert_int_equal (message.kind, MESSAGE_OTHER);
    assert_int_equal (message.version, 1);
    assert_int_equal (s_parse (SPAN ("ZHERD/2x A\n")).kind, MESSAGE_BAD);
    assert_int_equal (s_parse (SPAN ("ZHERD/1000 A\n")).kind, MESSAGE_BAD);
}


//  Every handler is total: an unknown word, bad length, wrong version is bad

#define RECEIVER "P7cuph2VDIQ 0 0"
#define REST " BATCH 7 2 1 6\nAT\n"
#define NUMBERS HEAD "STATE 1 1 1 4 5 AAAAADerb7v "

static void
anything_else_is_bad (void **state)
{
    (void) state;
    static const char *const rows [] = {"", "\n", "hello", HEAD,
        "AT Alford +0.000000000 k +1+1 5\n", "IAMAT k +1+1 5\n", "ZHERD/2",
        "ZHERD/ AAAAAAAAAD_ A " INCARNATION " " RECEIVER REST,
        "zherd/2 AAAAAAAAAD_ A " INCARNATION " " RECEIVER REST,
        "ZHERD/2 00000000000000FF A " INCARNATION " " RECEIVER REST,
        "ZHERD/2 ff A " INCARNATION " " RECEIVER REST,
        "ZHERD/2 AAAAAAAAAD_ A AAAAAAAAAAA " RECEIVER REST,
        "ZHERD/2 AAAAAAAAAD_ A 012345678 " RECEIVER REST,
        "ZHERD/2 AAAAAAAAAD_ A " INCARNATION " 012345678 0 0" REST,
        "ZHERD/2 AAAAAAAAAD_ A " INCARNATION " - 0 0" REST,
        "ZHERD/2 AAAAAAAAAD_ A " INCARNATION REST,
        "ZHERD/2  AAAAAAAAAD_ A " INCARNATION " " RECEIVER REST,
        "ZHERD/2 AAAAAAAAAD_ A " INCARNATION "  " RECEIVER REST,
        HEAD "NODE 7 9\nAT\n", HEAD "PUT 7\nAT\n", HEAD "PUT\n", HEAD "NODE\n",
        HEAD "LEAF\nx", HEAD "WANT \nx\n", HEAD "PUTS\nx\n", HEAD "\nx\n",
        HEAD "batch 7 9\nAT\n", HEAD "BATCH 18446744073709551615 1 0 0\nAT\n",
        HEAD "BATCH 7 2 1\nAT\n", HEAD "BATCH 7 2 1 6 1 1\nAT\n",
        HEAD "BATCH -7 9 1 6\nAT\n", HEAD "BATCH 7 2 1 6",
        HEAD "BATCH 7 2 1 6\nAT", HEAD "BATCH 7 2 1 6\nAT\nAT",
        HEAD "BATCH 7 18446744073709551616 1 6\nAT\n", STATE "AT\n", STATE "\n",
        HEAD "STATE 18446744073709551615 1 1 4 5 AAAAADerb7v 0 -\n",
        HEAD "STATE 1 1 18446744073709551614 4 5 AAAAADerb7v 0 -\n",
        HEAD "STATE 1 2 3 4 AAAAADerb7v 0 -\n",
        HEAD "STATE 1 1 1 4 5 6 AAAAADerb7v 0 -\n",
        HEAD "STATE 1 1 1 4 5 deadbeef 0 -\n", NUMBERS "0\n", NUMBERS "0 \n",
        NUMBERS "- -\n", NUMBERS "4 0 -\n", NUMBERS "0 x1\n",
        NUMBERS "0 nak,\xff\n", NUMBERS "0 nak,,deaf\n", NUMBERS "0 NAK\n",
        NUMBERS "0 - x\n", NUMBERS "0 -,nak\n", NUMBERS "0 -",
        NUMBERS "0 nak,\n", HEAD "BATCH 7 2 1 6 \nAT\n", NUMBERS "0 - clock\n",
        NUMBERS "0 - clock=\n", NUMBERS "0 - clock=-1\n", NUMBERS "0 - =1\n",
        NUMBERS "0 - Clock=1\n", NUMBERS "0 - ttl=1  loaded=1\n"};
    for (size_t row = 0; row < COUNT (rows); row++)
        assert_row (
            s_parse (span_of (rows [row])).kind == MESSAGE_BAD, rows [row]);
    assert_int_equal (s_parse ((span_t){NULL, 0}).kind, MESSAGE_BAD);
    assert_int_equal (s_parse (SPAN ("\0\0\0\0")).kind, MESSAGE_BAD);
    assert_int_equal (s_parse (SPAN (NUMBERS "0 -\0\n")).kind, MESSAGE_BAD);
}


//  Each of these is good but for one thing

static void
what_the_bad_ones_were_made_of_is_good (void **state)
{
    (void) state;
    static const char *const rows [] = {"ZHERD/2 AAAAAAAAAD_ A " INCARNATION
                                        " " RECEIVER REST,
        "ZHERD/2 AAAAAAAAAD_ A " INCARNATION " AAAAAAAAAAA 0 0" REST,
        HEAD "BATCH 7 7 0 0\nAT\n", HEAD "BATCH 7 2 1 6\n", NUMBERS "0 -\n",
        NUMBERS "0 nak,deaf\n", NUMBERS "0 - clock=1\n"};
    for (size_t row = 0; row < COUNT (rows); row++)
        assert_row (
            s_parse (span_of (rows [row])).kind != MESSAGE_BAD, rows [row]);
}


static void
of_a_bad_message_nothing_is_set (void **state)
{
    (void) state;
    static const span_t rows [] = {
        BYTES (HEAD "BATCH 9 x 0 0\nAT\n"), BYTES (HEAD "STATE 1 2 3 x\n")};
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
        assert_true (
            message.kind != MESSAGE_STATE || message.last <= message.tail);
        assert_true (message.kind == MESSAGE_BAD ||
                     message.kind == MESSAGE_OTHER || message.incarnation);
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
            .previous = chance_next (&chance) & mask >> 2,
            .got = chance_next (&chance) & mask,
            .count = chance_next (&chance) & mask,
            .root = chance_next (&chance),
            .floor = chance_next (&chance) & mask,
            .flags = (unsigned) chance_below (&chance, 128),
            .sent = chance_next (&chance) & mask,
            .taken = chance_next (&chance) & mask,
            .clock_ms = chance_next (&chance) & mask,
            .ttl = chance_next (&chance) & mask,
            .loaded = chance_next (&chance) & mask,
            .nobody = chance_below (&chance, 3),
            .left = chance_below (&chance, 3),
            .source = chance_below (&chance, 2) ? SPAN ("Welsh") : SPAN (""),
            .hears = chance_below (&chance, 2) ? SPAN ("AAAAAAAB") : SPAN ("")};
        message.last = message.previous + (chance_next (&chance) & mask >> 2);
        message.tail = message.last + (chance_next (&chance) & mask >> 2);
        char one [MESSAGE_HEAD_SIZE_MAX];
        char two [MESSAGE_HEAD_SIZE_MAX];
        span_t text = {one, message_print (&message, one)};
        message_t again = s_parse (text);
        assert_int_equal (again.kind, MESSAGE_STATE);
        assert_span (((span_t){two, message_print (&again, two)}), text);
        assert_true (again.tail == message.tail && again.last == message.last);
        assert_int_equal (again.flags, message.flags);
    }
}


//  Neither the herd's code nor a process's can be read in what is open

static void
who_reads_what_is_open_cannot_speak (void **state)
{
    (void) state;
    static const span_t messages [] = {BYTES (STATE), BYTES (BATCH)};
    static const char *const words [] = {"STATE ", "BATCH "};
    for (size_t at = 0; at < COUNT (messages); at++) {
        message_t message = s_parse (messages [at]);
        uint64_t codes [] = {
            message.herd, message.incarnation, message.receiver};
        span_t open = message_open (messages [at]);
        assert_non_null (
            memmem (open.data, open.size, words [at], strlen (words [at])));
        assert_ptr_equal (
            open.data + open.size, messages [at].data + messages [at].size);
        for (size_t index = 0; index < COUNT (codes); index++) {
            char code [BASE64NUM_SIZE_64];
            base64num_print (code, codes [index], BASE64NUM_SIZE_64);
            assert_null (
                memmem (open.data, open.size, code, BASE64NUM_SIZE_64));
        }
    }
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (a_state_is_read),
        cmocka_unit_test (a_batch_is_read),
        cmocka_unit_test (a_message_of_an_audit_is_read_and_written),
        cmocka_unit_test (messages_are_written_to_the_byte),
        cmocka_unit_test (flags_are_words),
        cmocka_unit_test (the_longest_head_fits),
        cmocka_unit_test (unknown_flags_and_names_are_passed_over),
        cmocka_unit_test (another_version_is_named),
        cmocka_unit_test (anything_else_is_bad),
        cmocka_unit_test (what_the_bad_ones_were_made_of_is_good),
        cmocka_unit_test (of_a_bad_message_nothing_is_set),
        cmocka_unit_test (a_broken_message_is_read_within_its_bounds),
        cmocka_unit_test (every_message_is_read_as_it_was_written),
        cmocka_unit_test (who_reads_what_is_open_cannot_speak),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
