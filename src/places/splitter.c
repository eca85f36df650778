/*  =========================================================================
    splitter - cuts a text into its records
    =========================================================================
*/

#include "places/splitter.h"
#include "places/outline.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_SEPARATOR '\x1e'
#define BOM "\xef\xbb\xbf"
#define BOM_SIZE (sizeof (BOM) - 1)

//  Work is bounded by the depth of brackets in a value of many lines: one
//  without an end is gone over again from its second line, so a byte is gone
//  over as often as values are open there that began a line.

//  Depths of brackets between records: of an array's elements, of a
//  collection's
enum { IN_ARRAY = 1, IN_COLLECTION = 2 };

//  What the text is, as far as we know
typedef enum { UNKNOWN, LINES, JSON } format_t;

typedef enum {
    BETWEEN,   //  Records
    IN_LINE,   //  Or in what else is no value
    IN_VALUE,  //
    IN_REST    //  Of a collection, after its features
} where_t;

struct splitter_t {
    size_t size_max;
    format_t format;
    bool is_sequence;  //  RS stands between records
    where_t where;
    bool is_long;       //  The record, of which nothing is kept
    size_t start;       //  Of what is kept: a record, or a line that may be one
    size_t at;          //  Of the first byte not looked at yet
    unsigned base;      //  Depth between records
    outline_t outline;  //  Of the value we are in
};


splitter_t *
splitter_new (size_t size_max)
{
    splitter_t *self = calloc (1, sizeof (splitter_t));
    assert (self);
    self->size_max = size_max;
    return self;
}


void
splitter_destroy (splitter_t **self_p)
{
    free (*self_p);
    *self_p = NULL;
}


void
splitter_keep_to_lines (splitter_t *self)
{
    self->format = LINES;
}


//  Nothing before the next byte, and it neither, is needed

static void
s_pass (splitter_t *self)
{
    self->start = ++self->at;
}


//  Look at the next byte of a value

static void
s_step (splitter_t *self, char byte)
{
    outline_step (&self->outline, byte, self->at++);
}


//  A record ends before that byte.  What follows is between records

static splitter_found_t
s_end_at (splitter_t *self, splitter_kind_t kind, size_t end)
{
    size_t size = end - self->start;
    if (size > self->size_max || self->is_long) {
        kind = SPLITTER_LONG;
        self->start = end;
        size = 0;
    }
    splitter_found_t found = {kind, self->start, size};
    self->where = BETWEEN;
    self->is_long = false;
    outline_reset (&self->outline, self->base);
    self->start = 0;
    self->at = 0;
    return found;
}


//  There is no record here, but an end: of the text, or of a collection that
//  lacks its own

static splitter_found_t
s_end_all (splitter_t *self)
{
    bool is_torn = self->base || self->where == IN_REST;
    self->base = 0;
    self->start = self->at;
    return s_end_at (self, is_torn ? SPLITTER_TORN : SPLITTER_END, self->at);
}


//  Keep no more than a record may have

static splitter_found_t
s_want_more (splitter_t *self)
{
    if (self->at - self->start > self->size_max) {
        self->start = self->at;
        self->is_long = self->where == IN_LINE || self->where == IN_VALUE;
    }
    splitter_found_t found = {SPLITTER_MORE, self->start, 0};
    outline_shift (&self->outline, self->start);
    self->at -= self->start;
    self->start = 0;
    return found;
}


//  Lines that are records by themselves, as far as we can see

static bool
s_is_by_lines (const splitter_t *self)
{
    return !self->is_sequence && !self->base;
}


//  Return true if the value can't go on so

static bool
s_is_broken_by (const splitter_t *self, char byte)
{
    if (byte == '\n' && s_is_by_lines (self) &&
        (self->outline.in_string || self->outline.depth > OUTLINE_DEPTH_MAX ||
            self->is_long))
        return true;
    return byte == RECORD_SEPARATOR ||
           outline_is_misplaced (&self->outline, byte);
}


//  Return the end of its first line, if its next ones may be values of their
//  own, or NULL

static const char *
s_first_end (const splitter_t *self, span_t text)
{
    if (!s_is_by_lines (self))
        return NULL;
    return memchr (text.data + self->start, '\n', self->at - self->start);
}


//  The value has no end that we can see

static splitter_found_t
s_break_off (splitter_t *self, span_t text)
{
    const char *end = s_first_end (self, text);
    return s_end_at (
        self, SPLITTER_JSON, end ? (size_t) (end - text.data) : self->at);
}


//  Be in an array of records

static void
s_enter (splitter_t *self)
{
    outline_step (&self->outline, '[', self->at);
    self->base = self->outline.depth;
    self->where = BETWEEN;
}


//  The next byte closes it

static void
s_leave (splitter_t *self)
{
    s_pass (self);
    self->where = self->base == IN_COLLECTION ? IN_REST : BETWEEN;
    outline_step (&self->outline, ']', self->at);
    self->base = 0;
}


//  Return the size of what is at the start of the rest and no record, or 0.  Of
//  a byte order mark only a part may be there

static size_t
s_gap (const splitter_t *self, span_t rest)
{
    char byte = *rest.data;
    if (span_is_blank (byte) || (byte == ',' && self->format == JSON))
        return 1;
    bool is_mark = self->format != LINES && self->at == self->start &&
                   memcmp (rest.data, BOM,
                       rest.size < BOM_SIZE ? rest.size : BOM_SIZE) == 0;
    return is_mark ? BOM_SIZE : 0;
}


//  The next byte is in no gap.  A line begins where it begins, with its blanks

static void
s_step_between (splitter_t *self, char byte)
{
    if (self->format != LINES && byte && strchr ("{[\x1e", byte)) {
        self->format = JSON;
        self->start = self->at;
    }
    if (self->format == JSON && byte == RECORD_SEPARATOR) {
        self->is_sequence = true;
        s_pass (self);
    }
    else if (self->base && byte == ']')
        s_leave (self);
    else if (self->format == JSON && byte == '[' && !self->base) {
        s_enter (self);
        s_pass (self);
    }
    else if (self->format == JSON && (byte == '{' || byte == '[')) {
        self->where = IN_VALUE;
        s_step (self, byte);
    }
    else
        self->where = IN_LINE;
}


//  Each of the four goes on until it has found something, and returns true, or
//  is at the end of the text, or elsewhere

static bool
s_find_between (
    splitter_t *self, span_t text, bool ended, splitter_found_t *found)
{
    while (self->where == BETWEEN && self->at < text.size) {
        span_t rest = {text.data + self->at, text.size - self->at};
        size_t gap = s_gap (self, rest);
        if (gap > rest.size && !ended)
            break;
        if (gap && gap <= rest.size) {
            self->at += gap;
            if (gap > 1 || *rest.data == '\n' || *rest.data == ',')
                self->start = self->at;
        }
        else if (self->base && *rest.data == RECORD_SEPARATOR) {
            *found = s_end_all (self);
            return true;
        }
        else
            s_step_between (self, *rest.data);
    }
    if (self->where != BETWEEN || !ended)
        return false;
    *found = s_end_all (self);
    return true;
}


//  What is no value, within an array, ends before what may be one

static bool
s_ends_line (const splitter_t *self, char byte)
{
    return byte == '\n' || (byte == RECORD_SEPARATOR && self->format == JSON) ||
           (self->base && byte && strchr (",{[]", byte));
}


static bool
s_find_line (splitter_t *self, span_t text, bool ended, splitter_found_t *found)
{
    while (self->at < text.size && !s_ends_line (self, text.data [self->at]))
        self->at++;
    if (self->at == text.size && !ended)
        return false;
    *found = s_end_at (
        self, self->format == JSON ? SPLITTER_JSON : SPLITTER_LINE, self->at);
    return true;
}


//  After the features of a collection.  An object there may be one more

static bool
s_find_rest (splitter_t *self, span_t text, bool ended, splitter_found_t *found)
{
    bool is_torn = false;
    while (self->outline.depth && self->at < text.size && !is_torn) {
        char byte = text.data [self->at];
        self->start = self->at;
        if (outline_is_misplaced (&self->outline, byte)) {
            outline_reset (&self->outline, 1);
            s_enter (self);
            return false;
        }
        is_torn = byte == RECORD_SEPARATOR;
        if (!is_torn)
            s_step (self, byte);
    }
    if (is_torn || (self->outline.depth && ended)) {
        *found = s_end_all (self);
        return true;
    }
    if (!self->outline.depth)
        self->where = BETWEEN;
    self->start = self->at;
    return false;
}


//  Return true if the value breaks off here, being too long for one of many
//  lines.  Of one that has but one no more is kept

static bool
s_is_too_long (splitter_t *self, span_t text)
{
    if (self->at - self->start <= self->size_max &&
        self->outline.values <= SPLITTER_VALUES_MAX)
        return false;
    if (s_first_end (self, text))
        return true;
    self->is_long = true;
    self->start = self->at;
    return false;
}


static bool
s_find_value (
    splitter_t *self, span_t text, bool ended, splitter_found_t *found)
{
    bool breaks_off = false;
    while (self->at < text.size && !breaks_off) {
        if (!self->is_long && self->base == 0 &&
            outline_opens_member (&self->outline, text, self->at, "features")) {
            s_enter (self);
            s_pass (self);
            return false;
        }
        breaks_off = s_is_broken_by (self, text.data [self->at]);
        if (!breaks_off) {
            s_step (self, text.data [self->at]);
            if (self->outline.depth == self->base) {
                *found = s_end_at (self, SPLITTER_JSON, self->at);
                return true;
            }
            breaks_off = s_is_too_long (self, text);
        }
    }
    if (!breaks_off && !ended)
        return false;
    *found = s_break_off (self, text);
    return true;
}


static bool (*const s_finders []) (
    splitter_t *, span_t, bool, splitter_found_t *) = {  //  By where_t
    s_find_between, s_find_line, s_find_value, s_find_rest};


splitter_found_t
splitter_find (splitter_t *self, span_t text, bool ended)
{
    splitter_found_t found;
    where_t where;
    do {
        where = self->where;
        if (s_finders [where](self, text, ended, &found))
            return found;
    } while (self->where != where);
    return s_want_more (self);
}
