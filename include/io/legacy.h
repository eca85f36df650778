/*  =========================================================================
    legacy - JSON as Google's legacy Places lays it out

    The classic layout: three blanks a level, " : ", an array of short scalars
    on one line, numbers of 16 digits, and < > & ' escaped in strings.
    =========================================================================
*/

#ifndef IO_LEGACY_H
#define IO_LEGACY_H

#include <jansson.h>

//  Return the object as a fresh string that ends with a newline, its bytes in
//  *size.  Keys come in the order they were set.
char *
legacy_print (json_t *object, size_t *size);

//  Return <a href="uri">name</a>, both escaped for HTML, or just the name if
//  uri is NULL: a new reference.  Returns NULL if name is.
json_t *
legacy_anchor (const char *uri, const char *name);

//  Return the frame of an answer that there is none, with the status: a new
//  reference.  error_message says that it is not an answer; its words are for
//  nobody.
json_t *
legacy_failure (const char *status);

#endif
