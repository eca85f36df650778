/*  =========================================================================
    judge - what a server may keep and pass on
    =========================================================================
*/

#ifndef FUZZ_JUDGE_H
#define FUZZ_JUDGE_H

#include "core/server.h"
#include "table/table.h"
#include "wire/message.h"

//  Return true if it is an AT line that a server can have written, word for
//  word; asserts that whatever location_parse takes is one.
bool
judge_line (span_t line);

//  Return the AT lines in the message's body, and add those that are none to
//  *bad.
size_t
judge_lines (const message_t *message, size_t *bad);

//  Assert that a message changed no more than its good lines can, and that
//  those that are none are counted.  NULL was refused, and changes nothing.
void
judge_heard (const message_t *message, const server_status_t *before,
    const server_status_t *after);

//  Assert that what changed behind the cursor is well formed, and move it on.
void
judge_changes (table_t *table, table_cursor_t cursor);

//  Assert that the whole table is well formed, and that its sums are those of
//  its records.
void
judge_table (table_t *table);

#endif
