/*  =========================================================================
    layout - JSON as Google lays it out

    In the classic layout (2011 to 2021, the assignment's) a bracket opens on
    its key's line, and a short array of texts is on one line; in the current
    one every bracket that is not empty opens a line, and so does every text.
    Both have three blanks a level and " : " after a key.  The JSON is UTF-8
    whatever is put in.
    =========================================================================
*/

#ifndef PAGE_LAYOUT_H
#define PAGE_LAYOUT_H

#include "base/span.h"

typedef enum { LAYOUT_CLASSIC, LAYOUT_CURRENT } layout_style_t;

//  JSON on its way out.  Begins as {.style = ...}; text is the caller's to
//  free, and ends with a NUL after layout_end.
typedef struct {
    layout_style_t style;
    char *text;
    size_t size;  //  Bytes of it
    size_t room;
    size_t depth;  //  Of brackets
    bool first;    //  Nothing yet in this bracket
} layout_t;

//  Open the outermost object.
void
layout_begin (layout_t *self);

//  Close it, and end the line.
void
layout_end (layout_t *self);

//  Open and close an object or an array; key is NULL in an array.  Nine at most
//  are in each other.  An array that is to be empty in the current layout is
//  layout_texts with none.
void
layout_open (layout_t *self, const char *key, char bracket);

void
layout_close (layout_t *self, char bracket);

//  Put a text, an array of texts, or a number, true or false as JSON has it.
void
layout_text (layout_t *self, const char *key, span_t text);

void
layout_texts (
    layout_t *self, const char *key, const span_t *texts, size_t count);

void
layout_literal (layout_t *self, const char *key, const char *literal);

#endif
