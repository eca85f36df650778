/*  =========================================================================
    layout - JSON as Google lays it out
    =========================================================================
*/

#include "page/layout.h"

#include "base/buffer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  An array that takes as many bytes on one line gets a line an element
#define INLINE_SIZE_LIMIT 74

//  Most pages have room in this
#define ROOM_FIRST 32768

//  Brackets in each other
#define DEPTH_MAX 10
#define INDENT_MAX 30

//  What a byte becomes at most
#define ESCAPE_SIZE 6


//  Make room for size more bytes, and return where they go

static char *
s_room (layout_t *self, size_t size)
{
    size_t least = self->size + size;
    if (least > self->room)
        self->text = buffer_grow (self->text, &self->room,
            least > ROOM_FIRST ? least : ROOM_FIRST, 1);
    return self->text + self->size;
}


//  What went there ends here

static void
s_end_at (layout_t *self, const char *end)
{
    self->size = (size_t) (end - self->text);
}


//  Write what stands for a byte in JSON, and return the end.  Google escapes
//  what HTML would take for its own, and bytes that are no UTF-8 have the
//  letter for that.

static char *
s_escape (char *to, unsigned char byte)
{
    static const char named [] = "\"\\\b\f\n\r\t";
    static const char names [] = "\"\\bfnrt";
    static const char hex [] = "0123456789abcdef";
    const char *name = byte ? strchr (named, byte) : NULL;
    if (byte >= 0x80)
        return mempcpy (to, "\xef\xbf\xbd", 3);
    if (name)
        return mempcpy (to, (char []){'\\', names [name - named]}, 2);
    to = mempcpy (to, "\\u00", 4);
    return mempcpy (to, (char []){hex [byte >> 4], hex [byte & 15]}, 2);
}


//  Return true if the byte stands for itself

static bool
s_is_plain (unsigned char byte)
{
    static const bool special [256] = {
        ['"'] = true,
        ['\\'] = true,
        ['<'] = true,
        ['>'] = true,
        ['&'] = true,
        ['\''] = true,
    };
    return byte >= ' ' && byte < 0x80 && !special [byte];
}


static size_t
s_quote_size_max (span_t text)
{
    return ESCAPE_SIZE * text.size + 2;
}


//  Write the text as JSON has it, and return the end

static char *
s_quote (char *to, span_t text)
{
    *to++ = '"';
    while (text.size) {
        size_t size = 1;
        unsigned char byte = (unsigned char) *text.data;
        if (s_is_plain (byte))
            *to++ = (char) byte;
        else {
            size = span_utf8 (text);
            to = size ? mempcpy (to, text.data, size) : s_escape (to, byte);
            size += size == 0;
        }
        text = (span_t){text.data + size, text.size - size};
    }
    *to++ = '"';
    return to;
}


//  Begin a line, and there a member of an object or, without key, an element
//  of an array, with room for size bytes.  Return where they go.

static char *
s_begin_line (layout_t *self, const char *key, size_t size)
{
    size_t key_size = key ? strlen (key) : 0;
    char *to = s_room (self, INDENT_MAX + key_size + 8 + size);
    if (!self->first)
        *to++ = ',';
    self->first = false;
    *to++ = '\n';
    memset (to, ' ', INDENT_MAX);
    to += 3 * self->depth;
    if (key) {
        *to++ = '"';
        to = mempcpy (to, key, key_size);
        to = mempcpy (to, "\" : ", 4);
    }
    return to;
}


static void
s_open_bracket (layout_t *self, char *to, char bracket)
{
    *to++ = bracket;
    s_end_at (self, to);
    assert (self->depth < DEPTH_MAX);
    self->depth++;
    self->first = true;
}


void
layout_begin (layout_t *self)
{
    s_open_bracket (self, s_room (self, 1), '{');
}


void
layout_end (layout_t *self)
{
    layout_close (self, '}');
    memcpy (s_room (self, 2), "\n", 2);
    self->size++;
}


void
layout_open (layout_t *self, const char *key, char bracket)
{
    char *to = s_begin_line (self, key, 1);
    if (key && self->style == LAYOUT_CURRENT) {
        //  A bracket after a key has a line of its own
        s_end_at (self, to);
        self->first = true;
        to = s_begin_line (self, NULL, 1);
    }
    s_open_bracket (self, to, bracket);
}


void
layout_close (layout_t *self, char bracket)
{
    self->depth--;
    bool empty = self->first;
    self->first = true;
    char *to = empty ? s_room (self, 1) : s_begin_line (self, NULL, 1);
    self->first = false;
    *to++ = bracket;
    s_end_at (self, to);
}


void
layout_text (layout_t *self, const char *key, span_t text)
{
    char *to = s_begin_line (self, key, s_quote_size_max (text));
    s_end_at (self, s_quote (to, text));
}


//  Put all on one line.  Returns false, having put nothing, if that is too long

static bool
s_inline (layout_t *self, const char *key, const span_t *texts, size_t count)
{
    bool first = self->first;
    size_t size = 4;
    for (size_t index = 0; index < count; index++)
        size += s_quote_size_max (texts [index]) + 2;
    char *start = s_begin_line (self, key, size);
    char *to = stpcpy (start, count ? "[ " : "[");
    for (size_t index = 0; index < count; index++) {
        to = stpcpy (to, index ? ", " : "");
        to = s_quote (to, texts [index]);
    }
    to = stpcpy (to, count ? " ]" : "]");
    bool fits = to - start < INLINE_SIZE_LIMIT;
    if (fits)
        s_end_at (self, to);
    else
        self->first = first;
    return fits;
}


void
layout_texts (
    layout_t *self, const char *key, const span_t *texts, size_t count)
{
    if (count == 0 || self->style == LAYOUT_CLASSIC)
        if (s_inline (self, key, texts, count))
            return;
    layout_open (self, key, '[');
    for (size_t index = 0; index < count; index++)
        layout_text (self, NULL, texts [index]);
    layout_close (self, ']');
}


void
layout_literal (layout_t *self, const char *key, const char *literal)
{
    size_t size = strlen (literal);
    s_end_at (self, mempcpy (s_begin_line (self, key, size), literal, size));
}
