/*  =========================================================================
    table_case - a table of its own for each test, and lines put into it
    =========================================================================
*/

#ifndef TESTS_UNIT_TABLE_CASE_H
#define TESTS_UNIT_TABLE_CASE_H

#include "unit/spans.h"

#include "table/table.h"

//  More than any of these tests fills.
#define TABLE_CASE_PLENTY ((size_t) 1 << 30)

//  Have a table of that size at most, whose key is the same each time.
table_t *
table_case_new (size_t size_max);

//  For cmocka: *state is a table with plenty of room, or gone again.
int
table_case_set_up (void **state);

int
table_case_tear_down (void **state);

//  Put a location, an AT line that must be good, into the table.
table_result_t
table_case_put (table_t *self, const char *line, int from);

#endif
