/*  =========================================================================
    judge - what a server may keep and pass on
    =========================================================================
*/

#include "fuzz/judge.h"

#include <assert.h>


bool
judge_line (span_t line)
{
    char text [LOCATION_LINE_SIZE_MAX];
    location_t location;
    if (!location_parse (&location, line))
        return false;
    assert (line.size <= LOCATION_LINE_SIZE_MAX);
    assert (span_is_name (location.server));
    assert (location.client.size <= LOCATION_CLIENT_SIZE_MAX);
    assert (location.place.size <= LOCATION_PLACE_SIZE_MAX);
    assert (location.stamp.size <= LOCATION_STAMP_SIZE_MAX);
    span_t printed = {text, location_print (&location, text)};
    assert (span_equal (printed, line));
    return true;
}


size_t
judge_lines (const message_t *message, size_t *bad)
{
    size_t good = 0;
    span_t body = message->body;
    while (body.size)
        if (judge_line (span_until (&body, '\n')))
            good++;
        else
            ++*bad;
    return good;
}


void
judge_heard (const message_t *message, const server_status_t *before,
    const server_status_t *after)
{
    size_t good = 0;
    size_t bad = 0;
    if (message &&
        (message->kind == MESSAGE_BATCH || message->kind == MESSAGE_PUT))
        good = judge_lines (message, &bad);
    assert (after->refused - before->refused >= bad);
    assert (after->changes - before->changes <= good);
    assert (after->clients_known - before->clients_known <= good);
    assert (good || after->root == before->root);
}


void
judge_changes (table_t *table, table_cursor_t cursor)
{
    table_record_t record;
    while (table_peek (table, cursor, &record)) {
        assert (judge_line (record.line));
        table_advance (table, cursor);
    }
}


void
judge_table (table_t *table)
{
    table_walk_t walk = {.level = 0};
    size_t count = 0;
    uint64_t root = 0;
    for (; table_step (table, &walk); count++) {
        assert (judge_line (walk.line));
        root += walk.check;
    }
    assert (count == table_count (table));
    assert (root == digest_root (table_digest (table)));
}
