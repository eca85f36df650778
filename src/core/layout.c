/*  =========================================================================
    layout - JSON as Google lays it out
    =========================================================================
*/

#include "core/layout.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  An array that takes as many bytes on one line gets a line an element
#define INLINE_SIZE_LIMIT 74

//  Most pages grow to this or twice that
#define ROOM_FIRST 16384

//  Brackets in each other
#define DEPTH_MAX 10
#define INDENT_MAX 30


//  Make room for size more bytes, and return where they begin

static char *
s_room (layout_t *self, size_t size)
{
    if (self->size + size > self->room) {
        self->room = 2 * (self->size + size) + ROOM_FIRST;
        self->text = realloc (self->text, self->room);
        assert (self->text);
    }
    return self->text + self->size;
}


static void
s_put (layout_t *self, const char *data, size_t size)
{
    memcpy (s_room (self, size), data, size);
    self->size += size;
}


static void
s_puts (layout_t *self, const char *text)
{
    s_put (self, text, strlen (text));
}


//  Return how many bytes at the start of the text stand for themselves

static size_t
s_plain_size (span_t text)
{
    static const bool special [256] = {
        ['"'] = true,
        ['\\'] = true,
        ['<'] = true,
        ['>'] = true,
        ['&'] = true,
        ['\''] = true,
    };
    size_t size = 0;
    for (; size < text.size; size++) {
        unsigned char byte = (unsigned char) text.data [size];
        if (byte < ' ' || byte >= 0x80 || special [byte])
            break;
    }
    return size;
}


//  Put what stands for a byte in JSON.  Google escapes what HTML would take for
//  its own, and bytes that are no UTF-8 have the letter for that.

static void
s_put_escape (layout_t *self, unsigned char byte)
{
    static const char named [] = "\"\\\b\f\n\r\t";
    static const char names [] = "\"\\bfnrt";
    static const char hex [] = "0123456789abcdef";
    const char *name = byte ? strchr (named, byte) : NULL;
    if (byte >= 0x80)
        s_puts (self, "\xef\xbf\xbd");
    else if (name)
        s_put (self, (char []){'\\', names [name - named]}, 2);
    else {
        s_puts (self, "\\u00");
        s_put (self, (char []){hex [byte >> 4], hex [byte & 15]}, 2);
    }
}


static void
s_quote (layout_t *self, span_t text)
{
    s_put (self, "\"", 1);
    while (text.size) {
        size_t size = s_plain_size (text);
        if (!size)
            size = span_utf8 (text);
        if (size)
            s_put (self, text.data, size);
        else {
            s_put_escape (self, (unsigned char) *text.data);
            size = 1;
        }
        text = (span_t){text.data + size, text.size - size};
    }
    s_put (self, "\"", 1);
}


//  Begin a line, and there a member of an object or, without key, an element
//  of an array.  It is most of what there is to do, so it is done at once.

static void
s_begin (layout_t *self, const char *key)
{
    size_t key_size = key ? strlen (key) : 0;
    char *start = s_room (self, key_size + INDENT_MAX + 8);
    char *at = start;
    if (!self->first)
        *at++ = ',';
    self->first = false;
    *at++ = '\n';
    memset (at, ' ', INDENT_MAX);
    at += 3 * self->depth;
    if (key) {
        *at++ = '"';
        at = mempcpy (at, key, key_size);
        at = mempcpy (at, "\" : ", 4);
    }
    self->size += (size_t) (at - start);
}


//  In the current layout a bracket after a key has a line of its own

static void
s_open (layout_t *self, const char *key, char bracket)
{
    if (key && self->style == LAYOUT_CURRENT) {
        self->first = true;
        s_begin (self, NULL);
    }
    s_put (self, &bracket, 1);
    assert (self->depth < DEPTH_MAX);
    self->depth++;
    self->first = true;
}


void
layout_begin (layout_t *self)
{
    s_open (self, NULL, '{');
}


void
layout_end (layout_t *self)
{
    layout_close (self, '}');
    s_put (self, "\n", 2);
    self->size--;
}


void
layout_open (layout_t *self, const char *key, char bracket)
{
    s_begin (self, key);
    s_open (self, key, bracket);
}


void
layout_close (layout_t *self, char bracket)
{
    self->depth--;
    if (!self->first) {
        self->first = true;
        s_begin (self, NULL);
    }
    self->first = false;
    s_put (self, &bracket, 1);
}


void
layout_text (layout_t *self, const char *key, span_t text)
{
    s_begin (self, key);
    s_quote (self, text);
}


//  Put all on one line.  Returns false, having taken it back, if that is too
//  long.

static bool
s_inline (layout_t *self, const span_t *texts, size_t count)
{
    size_t start = self->size;
    s_puts (self, count ? "[ " : "[");
    for (size_t index = 0; index < count; index++) {
        s_puts (self, index ? ", " : "");
        s_quote (self, texts [index]);
    }
    s_puts (self, count ? " ]" : "]");
    bool fits = self->size - start < INLINE_SIZE_LIMIT;
    if (!fits)
        self->size = start;
    return fits;
}


void
layout_texts (
    layout_t *self, const char *key, const span_t *texts, size_t count)
{
    s_begin (self, key);
    if (count == 0 || self->style == LAYOUT_CLASSIC)
        if (s_inline (self, texts, count))
            return;
    s_open (self, key, '[');
    for (size_t index = 0; index < count; index++)
        layout_text (self, NULL, texts [index]);
    layout_close (self, ']');
}


void
layout_literal (layout_t *self, const char *key, const char *literal)
{
    s_begin (self, key);
    s_puts (self, literal);
}
