/*  =========================================================================
    table_case - a table of its own for each test, and lines put into it
    =========================================================================
*/

#include "unit/table_case.h"


table_t *
table_case_new (size_t size_max)
{
    return table_new ((const unsigned char *) "0123456789abcdef", size_max);
}


int
table_case_set_up (void **state)
{
    *state = table_case_new (TABLE_CASE_PLENTY);
    return 0;
}


int
table_case_tear_down (void **state)
{
    table_destroy ((table_t **) state);
    return *state != NULL;
}


table_result_t
table_case_put (table_t *self, const char *line, int from)
{
    location_t location = spans_location (line);
    return table_put (self, &location, from);
}
