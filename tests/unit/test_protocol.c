/*  =========================================================================
    test_protocol - the examples of docs/protocol.md

    Every block marked "message" is read as the protocol says and written back
    to the byte, and its numbers are those of a table with the one record shown.
    What a client is told there is what a server tells it.
    =========================================================================
*/

#include "unit/talk.h"

#include "audit/audit.h"

#include <sodium/crypto_generichash.h>
#include <sodium/crypto_shorthash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "docs/protocol.md"
#define FILE_SIZE_MAX 100000
#define INDENT "    "

//  The herd of the examples, without a secret, and the NUL after its name
#define HERD "zherd"

static char s_text [FILE_SIZE_MAX];


static int
s_read (void **state)
{
    (void) state;
    FILE *file = fopen (FILE_NAME, "rb");
    if (!file)
        return -1;
    size_t size = fread (s_text, 1, sizeof (s_text) - 1, file);
    fclose (file);
    s_text [size] = '\0';
    return size < sizeof (s_text) - 1 ? 0 : -1;
}


//  Cut the next example off: the lines, without their indent, after a line
//  "message".  Returns its size, 0 if there is none

static size_t
s_next_block (span_t *rest, char *block)
{
    size_t size = 0;
    while (rest->size) {
        span_t line = span_until (rest, '\n');
        if (!span_equal (line, SPAN (INDENT "message")))
            continue;
        while (line = span_until (rest, '\n'), line.size > strlen (INDENT)) {
            line.data += strlen (INDENT);
            line.size -= strlen (INDENT);
            size = (size_t) (spans_write (block + size, line) - block);
            block [size++] = '\n';
        }
        return size;
    }
    return 0;
}


static table_t *
s_table (void)
{
    unsigned char key [TABLE_KEY_SIZE];
    crypto_generichash (key, sizeof (key), (const unsigned char *) HERD,
        sizeof (HERD), NULL, 0);
    table_t *table = table_new (key, 1 << 20);
    location_t location = spans_location (KIWI_AT);
    table_put (table, &location, TABLE_DOOR);
    return table;
}


static uint64_t
s_herd (void)
{
    unsigned char key [TABLE_KEY_SIZE];
    uint64_t herd;
    crypto_generichash (key, sizeof (key), (const unsigned char *) HERD,
        sizeof (HERD), NULL, 0);
    crypto_shorthash ((unsigned char *) &herd, (const unsigned char *) HERD,
        strlen (HERD), key);
    return herd;
}


static void
s_check_records (span_t body)
{
    while (body.size) {
        location_t location;
        span_t line = span_until (&body, '\n');
        assert_true (location_parse (&location, line));
        assert_text (line, KIWI_AT);
    }
}


//  The lines of an audit show the one record: who has it finds no difference

static void
s_check_audit (table_t *table, const message_t *message)
{
    char *buffer = malloc (FLOOD_ROOM);
    assert_non_null (buffer);
    message_kind_t kind;
    audit_t *audit = audit_new (table);
    assert_int_equal (audit_receive (audit, message->kind, message->body), 0);
    size_t size = audit_next (audit, &kind, buffer);
    if (message->kind == MESSAGE_WANT)
        s_check_records ((span_t){buffer, size});
    else
        assert_span (((span_t){buffer, size}), SPAN (""));
    audit_destroy (&audit);
    free (buffer);
}


static void
s_check_block (table_t *table, span_t block)
{
    char head [MESSAGE_HEAD_SIZE_MAX];
    message_t message;
    message_parse (&message, block);
    assert_row (message.kind != MESSAGE_BAD, block.data);
    span_t printed = {head, message_print (&message, head)};
    assert_span (printed, ((span_t){block.data, printed.size}));
    assert_int_equal (printed.size + message.body.size, block.size);
    assert_true (message.herd == s_herd ());
    if (message.kind == MESSAGE_STATE) {
        assert_int_equal (message.count, table_count (table));
        assert_true (message.root == digest_root (table_digest (table)));
    }
    else if (message.kind == MESSAGE_BATCH || message.kind == MESSAGE_PUT)
        s_check_records (message.body);
    else
        s_check_audit (table, &message);
}


static void
messages_are_as_shown (void **state)
{
    (void) state;
    static char block [FILE_SIZE_MAX];
    span_t rest = span_of (s_text);
    table_t *table = s_table ();
    size_t size;
    int count = 0;
    while ((size = s_next_block (&rest, block))) {
        s_check_block (table, (span_t){block, size});
        count++;
    }
    assert_in_range (count, 3, 100);
    table_destroy (&table);
}


//  Append the examples' lines that begin so, without that

static size_t
s_lines_of (const char *start, char *lines)
{
    size_t size = 0;
    span_t rest = span_of (s_text);
    while (rest.size) {
        span_t line = span_until (&rest, '\n');
        size_t skip = strlen (start);
        if (line.size < skip || memcmp (line.data, start, skip) != 0)
            continue;
        memcpy (lines + size, line.data + skip, line.size - skip);
        size += line.size - skip;
        lines [size++] = '\n';
    }
    return size;
}


//  Places does not answer; what is told ends with two LF

static void
a_client_is_told_what_is_shown (void **state)
{
    talk_t *self = *state;
    static char line [FILE_SIZE_MAX];
    static char story [FILE_SIZE_MAX] = "7> ";
    size_t size = s_lines_of (INDENT "C: ", line);
    assert_true (size > 1);
    size_t told = 3 + s_lines_of (INDENT "S: ", story + 3);
    story [told++] = '\n';
    talk_asks (self, KIWI, "7> " KIWI_AT "\n");
    talk_event (self, EVENT_CONNECTION_LINE, 7, (span_t){line, size - 1});
    assert_story (
        self->effects, "7 fetch 1 10000000 mm +34.068930-118.445127\n");
    talk_places (self, EVENT_PLACES_FAILED, 7, 1, "no answer");
    story_check (self->effects, (span_t){story, told}, __FILE__, __LINE__);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        cmocka_unit_test (messages_are_as_shown),
        TALK (a_client_is_told_what_is_shown),
    };
    return cmocka_run_group_tests (cases, s_read, NULL);
}
