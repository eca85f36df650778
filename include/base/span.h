/*  =========================================================================
    span - a piece of somebody else's text

    Text on its way in is never copied: it is a pointer and a size over the
    buffer it was read into, and may hold any byte, NUL included.  A span is
    good as long as what it points into.
    =========================================================================
*/

#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *data;  //  First byte; may be NULL only if size is 0
    size_t size;       //  Bytes
} span_t;

//  Return a span over the string, without its NUL.
span_t
span_of (const char *string);

//  Return true if both hold the same bytes.
bool
span_equal (span_t one, span_t other);

//  Order two spans by their bytes, as unsigned; a prefix comes first.  Return
//  less than, equal to or more than 0, as memcmp does.
int
span_compare (span_t one, span_t other);

//  Return true if the byte is one of the assignment's six white-space
//  characters: "space, tab, carriage return, newline, formfeed, or vertical
//  tab".
bool
span_is_blank (char byte);

//  The longest name of a server or herd, in bytes.
#define SPAN_NAME_SIZE_MAX 64

//  Return true if it is a name that a server or herd can have: letters and
//  digits of ASCII, "_", "-" and ".", the first a letter or digit.
bool
span_is_name (span_t text);

//  Return the text without the blanks at its ends.
span_t
span_trim (span_t text);

//  Return the text's hash, FNV-1a of 64 bits, which anybody can make collide;
//  start is SPAN_FNV, or the hash of what is before it.
#define SPAN_FNV UINT64_C (0xcbf29ce484222325)
#define SPAN_FNV_PRIME UINT64_C (0x100000001b3)
uint64_t
span_fnv (span_t text, uint64_t start);

//  Cut the next field, a longest run of bytes that are not white space, off
//  the front of *rest, with the white space before it.  Return an empty span
//  when there is none left.
span_t
span_field (span_t *rest);

//  Cut the text at its white space: the first fields, max at most, go to
//  *fields.  Returns how many these are.
size_t
span_fields (span_t text, span_t *fields, size_t max);

//  Cut everything up to the first separator off the front of *rest, and the
//  separator too.  Without a separator the whole rest is returned.
span_t
span_until (span_t *rest, char separator);

//  Read a whole number: digits only, at least one, all of the span.  Return
//  false, leaving *number alone, for anything else or more than max.
bool
span_number (span_t text, uint64_t max, uint64_t *number);

//  Read 16 lower-case hexadecimal digits, all of the span.  Return false,
//  leaving *number alone, for anything else.
bool
span_hex (span_t text, uint64_t *number);

//  Return the size of the UTF-8 sequence of two to four bytes (RFC 3629) at the
//  start of the text, or 0 if there is none.
size_t
span_utf8 (span_t text);

#endif
