/*  =========================================================================
    pieces - a provider's JSON, read piece by piece
    =========================================================================
*/

#include "providers/pieces.h"

#include "page/json_token.h"

#include <string.h>


//  Pass over blanks, and the byte if it comes next

static bool
s_take_byte (json_token_t *self, char byte)
{
    json_token_skip_blanks (self);
    if (!json_token_is_next (self, byte))
        return false;
    self->at++;
    return true;
}


//  Pass over a string from behind its first quote.  Whether it is a good one,
//  jansson says

static bool
s_skip_string (json_token_t *self)
{
    for (; self->at < self->end; self->at++) {
        if (*self->at == '"') {
            self->at++;
            return true;
        }
        if (*self->at == '\\' && self->at + 1 < self->end)
            self->at++;
    }
    return false;
}


//  Cut out what begins at the next byte and goes on to the "," or bracket that
//  ends it.  Returns false if there is no such end

static bool
s_cut (json_token_t *self, span_t *piece)
{
    size_t depth = 0;
    json_token_skip_blanks (self);
    piece->data = self->at;
    while (self->at < self->end) {
        char byte = *self->at;
        bool closes = byte == '}' || byte == ']';
        if (depth == 0 && (closes || byte == ',')) {
            piece->size = (size_t) (self->at - piece->data);
            return piece->size > 0;
        }
        self->at++;
        if (byte == '"' && !s_skip_string (self))
            return false;
        depth += byte == '{' || byte == '[';
        depth -= closes;
    }
    return false;
}


static json_t *
s_load (span_t piece)
{
    return json_loadb (
        piece.data, piece.size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
}


//  Read an array from behind its bracket.  Returns NULL if it has no end, or is
//  not empty and nothing in it is good

static json_t *
s_read_list (json_token_t *self)
{
    json_t *list = json_array ();
    span_t piece;
    bool good = true;
    bool open = !s_take_byte (self, ']');
    bool empty = !open;
    while (good && open) {
        good = s_cut (self, &piece);
        json_t *element = good ? s_load (piece) : NULL;
        if (element)
            json_array_append_new (list, element);
        open = !s_take_byte (self, ']');
        good = good && (!open || s_take_byte (self, ','));
    }
    if (good && (empty || json_array_size (list)))
        return list;
    json_decref (list);
    return NULL;
}


//  Read the value of a member.  Returns false if it has no end

static bool
s_read_value (json_token_t *self, bool is_list, json_t **value)
{
    span_t piece;
    if (is_list && s_take_byte (self, '['))
        *value = s_read_list (self);
    else if (s_cut (self, &piece)) {
        *value = s_load (piece);
        if (!*value)
            *value = json_null ();
    }
    return *value;
}


//  Read a member into the object, unless its key is no good.  Returns false if
//  it has no end, or is there twice

static bool
s_read_member (json_token_t *self, json_t *object, const char *list)
{
    json_token_skip_blanks (self);
    span_t text = {self->at, 0};
    if (!s_take_byte (self, '"') || !s_skip_string (self))
        return false;
    text.size = (size_t) (self->at - text.data);
    json_t *key = s_load (text);
    json_t *value = NULL;
    const char *name = json_string_value (key);
    bool is_list = name && strcmp (name, list) == 0;
    bool good = s_take_byte (self, ':') &&
                s_read_value (self, is_list, &value) &&
                !json_object_get (object, name);
    if (good && name)
        json_object_set (object, name, value);
    json_decref (value);
    json_decref (key);
    return good;
}


json_t *
pieces_read (span_t text, const char *list)
{
    json_token_t token = {text.data, text.data + text.size};
    json_t *object = json_object ();
    bool good = s_take_byte (&token, '{');
    bool open = good && !s_take_byte (&token, '}');
    while (good && open) {
        good = s_read_member (&token, object, list);
        open = !s_take_byte (&token, '}');
        good = good && (!open || s_take_byte (&token, ','));
    }
    json_token_skip_blanks (&token);
    if (good && token.at == token.end)
        return object;
    json_decref (object);
    return NULL;
}
