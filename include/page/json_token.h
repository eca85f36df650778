/*  =========================================================================
    json_token - the tokens of JSON, read strictly

    As RFC 8259's grammar has them, in valid UTF-8.  Nothing is copied or
    decoded, so escapes of U+0000 and of lone surrogates are as good as others,
    and so are numbers of any size.
    =========================================================================
*/

#ifndef PAGE_JSON_TOKEN_H
#define PAGE_JSON_TOKEN_H

#include "base/span.h"

//  Where the reader is in a text.
typedef struct {
    const char *at;   //  Next byte
    const char *end;  //  Of the text
} json_token_t;

//  Pass over white space.
void
json_token_skip_blanks (json_token_t *self);

//  Return true if the next byte is this one.
bool
json_token_is_next (const json_token_t *self, char byte);

//  Each of these reads one token, which begins at the next byte, and leaves
//  *self behind it; or returns false, *self anywhere, if there is none.  A
//  string, whose first quote is there, is returned as it is written, without
//  its quotes.
bool
json_token_string (json_token_t *self, span_t *text);

bool
json_token_number (json_token_t *self);

//  One of true, false and null.
bool
json_token_word (json_token_t *self);

#endif
