/*  =========================================================================
    json_scan - what most of a JSON text is: blanks, and plain strings

    Both pass over eight bytes at a time.  A reader is where it is in the text
    for as long as it can be in a register.
    =========================================================================
*/

#ifndef PAGE_JSON_SCAN_H
#define PAGE_JSON_SCAN_H

#include "base/swar.h"

#include <stdbool.h>

//  Return true for white space; most bytes are told by one comparison.
static inline bool
json_scan_is_blank (char byte)
{
    return (unsigned char) byte <= ' ' &&
           (byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t');
}

//  Return where white space ends, most of which is indentation.
static inline const char *
json_scan_blanks (const char *at, const char *end)
{
    while (at < end && json_scan_is_blank (*at)) {
        at++;
        for (; end - at >= 8; at += 8) {
            uint64_t others = swar_read (at) ^ SWAR (' ');
            if (others) {
                at += swar_first (others);
                break;
            }
        }
    }
    return at;
}

//  Return where in a string something may need a look: its quote, a backslash,
//  a control character, a byte beyond ASCII; or that fewer than eight bytes are
//  left.  A quote and a space change places, so that a quote is found with the
//  control characters; bytes beyond ASCII are marked in any case.
static inline const char *
json_scan_plain (const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t bytes = swar_read (at);
        uint64_t below = (bytes ^ SWAR ('"' ^ ' ')) - SWAR (' ' + 1);
        uint64_t backslash = (bytes ^ SWAR ('\\')) - SWAR (1);
        uint64_t marks = swar_high (below | backslash | bytes);
        if (marks)
            return at + swar_first (marks);
    }
    return at;
}

#endif
