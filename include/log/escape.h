/*  =========================================================================
    escape - any bytes as text on one line

    Printable ASCII and UTF-8 stand as they are; control bytes and the rest as
    in C: \n, \x1b; a backslash is doubled.  So nothing in a log can end a line,
    move a cursor, or be taken for something else.
    =========================================================================
*/

#ifndef LOG_ESCAPE_H
#define LOG_ESCAPE_H

#include "base/span.h"

//  A byte becomes so many at most.
#define ESCAPE_GROWTH 4

//  Write the text, escaped, to the buffer of ESCAPE_GROWTH * text.size bytes.
//  Returns the size written.
size_t
escape_print (span_t text, char *buffer);

//  Write the same as the inside of a JSON string, to the buffer of
//  ESCAPE_JSON_GROWTH * text.size bytes.  Returns the size written.
#define ESCAPE_JSON_GROWTH 6
size_t
escape_print_json (span_t text, char *buffer);

#endif
