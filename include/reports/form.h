/*  =========================================================================
    form - the names and values of a query or a form

    As application/x-www-form-urlencoded has them: name=value&name=value, a plus
    for a blank, %XX for any byte.  What is no such escape stands for itself.
    =========================================================================
*/

#ifndef REPORTS_FORM_H
#define REPORTS_FORM_H

#include "base/span.h"

//  Cut the next pair off the front of *rest, both still encoded; a name without
//  "=" has an empty value.  Returns false when there is none left.
bool
form_next (span_t *rest, span_t *name, span_t *value);

//  Write the text decoded to the buffer, which has room for its size.  Returns
//  the size written.
size_t
form_decode (span_t text, char *buffer);

//  The same for a path, in which a plus is a plus.
size_t
form_decode_path (span_t text, char *buffer);

#endif
