/*  =========================================================================
    spans - text for the tests of the core, and what became of it
    =========================================================================
*/

#ifndef TESTS_UNIT_SPANS_H
#define TESTS_UNIT_SPANS_H

#include "table/location.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define COUNT(table) (sizeof (table) / sizeof ((table) [0]))

//  A span over a literal, NULs inside it too: for a table, and anywhere else.
#define BYTES(literal)                                                         \
    {                                                                          \
        literal, sizeof (literal) - 1                                          \
    }
#define SPAN(literal) ((span_t) BYTES (literal))

//  The span holds just the bytes of the other span.
#define assert_span(span, other) spans_check (span, other, __FILE__, __LINE__)

//  The span holds just the text.
#define assert_text(span, text)                                                \
    spans_check (span, span_of (text), __FILE__, __LINE__)

//  Print what a table's row is about when what follows is false.
#define assert_row(holds, what)                                                \
    do {                                                                       \
        if (!(holds))                                                          \
            fail_msg ("%s: %s", what, #holds);                                 \
    } while (0)

//  Compare, and say what both hold if they differ.
void
spans_check (span_t span, span_t other, const char *file, int line);

//  Write the span's bytes and return where they end.
char *
spans_write (char *at, span_t span);

//  Read an AT line that must be good.  Borrows the text.
location_t
spans_location (const char *line);

//  Flip a bit of the span's second byte, whoever owns it.
void
spans_alter (span_t span);

#endif
