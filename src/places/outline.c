/*  =========================================================================
    outline - where in a JSON value we are
    =========================================================================
*/

#include "places/outline.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

//  A name of a member that has more bytes, with quotes, is never asked for
#define KEY_SIZE_MAX 64


void
outline_reset (outline_t *self, unsigned depth)
{
    self->depth = depth;
    self->in_string = false;
    self->is_escaped = false;
    self->values = 0;
    self->key_size = 0;
}


static void
s_open_bracket (outline_t *self, char bracket)
{
    unsigned depth = self->depth++;
    uint64_t bit = depth < OUTLINE_DEPTH_MAX ? UINT64_C (1) << depth : 0;
    if (bracket == '{')
        self->objects |= bit;
    else
        self->objects &= ~bit;
    self->last = bracket;
    self->values++;
}


static void
s_step_string (outline_t *self, char byte, size_t at)
{
    if (self->is_escaped)
        self->is_escaped = false;
    else if (byte == '\\')
        self->is_escaped = true;
    else if (byte == '"') {
        self->in_string = false;
        self->last = byte;
        if (self->depth == 1)
            self->key_size = at + 1 - self->key_at;
    }
}


void
outline_step (outline_t *self, char byte, size_t at)
{
    if (self->in_string)
        s_step_string (self, byte, at);
    else if (byte == '"') {
        self->in_string = true;
        if (self->depth == 1)
            self->key_at = at;
    }
    else if (byte == '{' || byte == '[')
        s_open_bracket (self, byte);
    else if (!span_is_blank (byte)) {
        bool closes = byte == '}' || byte == ']';
        assert (!closes || self->depth > 0);
        self->depth -= closes;
        self->values += byte == ',';
        self->last = byte;
    }
}


void
outline_shift (outline_t *self, size_t size)
{
    self->key_at -= self->key_at < size ? self->key_at : size;
}


static bool
s_is_in_object (const outline_t *self)
{
    return self->objects >> (self->depth - 1) & 1;
}


bool
outline_is_misplaced (const outline_t *self, char byte)
{
    if (byte != '{' || self->in_string || self->depth == 0 ||
        self->depth > OUTLINE_DEPTH_MAX)
        return false;
    if (s_is_in_object (self))
        return self->last != ':';
    return self->last != ',' && self->last != '[';
}


//  Return true if the quoted text is the name

static bool
s_is_name (span_t quoted, const char *name)
{
    if (quoted.size > KEY_SIZE_MAX)
        return false;
    json_t *json = json_loadb (quoted.data, quoted.size, JSON_DECODE_ANY, NULL);
    const char *text = json_string_value (json);
    bool is_name = text && strcmp (text, name) == 0;
    json_decref (json);
    return is_name;
}


bool
outline_opens_member (
    const outline_t *self, span_t text, size_t at, const char *name)
{
    return text.data [at] == '[' && self->depth == 1 && !self->in_string &&
           s_is_in_object (self) && self->last == ':' && self->key_size &&
           s_is_name ((span_t){text.data + self->key_at, self->key_size}, name);
}
