/*  =========================================================================
    message - what servers say to each other
    =========================================================================
*/

#include "core/message.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PROTOCOL "ZHERD/1"

static const struct {
    unsigned flag;
    const char *word;
} s_flags [] = {{MESSAGE_NAK, "nak"}, {MESSAGE_LEAVING, "leaving"},
    {MESSAGE_LOADING, "loading"}, {MESSAGE_DEAF, "deaf"}};

static const char *const s_words [] = {[MESSAGE_STATE] = "STATE",
    [MESSAGE_BATCH] = "BATCH",
    [MESSAGE_NODE] = "NODE",
    [MESSAGE_LEAF] = "LEAF",
    [MESSAGE_WANT] = "WANT",
    [MESSAGE_PUT] = "PUT"};

#define FLAGS_COUNT (sizeof (s_flags) / sizeof (s_flags [0]))


static bool
s_decimals (span_t *head, uint64_t *const numbers [], size_t count)
{
    for (size_t index = 0; index < count; index++)
        if (!span_number (span_until (head, ' '), UINT64_MAX, numbers [index]))
            return false;
    return true;
}


static bool
s_parse_flags (span_t text, unsigned *flags)
{
    *flags = 0;
    if (span_equal (text, span_of ("-")))
        return true;
    do {
        span_t word = span_until (&text, ',');
        size_t index = 0;
        while (index < FLAGS_COUNT &&
               !span_equal (word, span_of (s_flags [index].word)))
            index++;
        if (index == FLAGS_COUNT)
            return false;
        *flags |= s_flags [index].flag;
    } while (text.size);
    return true;
}


static bool
s_parse_state (message_t *self, span_t head)
{
    return s_decimals (&head,
               (uint64_t *[]){&self->previous, &self->last, &self->tail,
                   &self->got, &self->count},
               5) &&
           span_hex (span_until (&head, ' '), &self->root) &&
           s_decimals (&head, (uint64_t *[]){&self->depth, &self->floor}, 2) &&
           s_parse_flags (head, &self->flags) && self->body.size == 0;
}


static bool
s_parse_rest (message_t *self, span_t head)
{
    if (self->kind == MESSAGE_STATE)
        return s_parse_state (self, head);
    if (self->kind == MESSAGE_BATCH &&
        !s_decimals (&head, (uint64_t *[]){&self->previous, &self->last}, 2))
        return false;
    return head.size == 0 && self->body.size &&
           self->body.data [self->body.size - 1] == '\n';
}


//  Words are separated, not ended: there is one way to write a message

static bool
s_ends_well (span_t head)
{
    return head.size && head.data [head.size - 1] != ' ' &&
           head.data [head.size - 1] != ',';
}


static bool
s_parse (message_t *self, span_t text)
{
    size_t size = text.size;
    span_t head = span_until (&text, '\n');
    self->body = text;
    if (head.size == size || !s_ends_well (head) ||
        !span_equal (span_until (&head, ' '), span_of (PROTOCOL)) ||
        !span_hex (span_until (&head, ' '), &self->herd))
        return false;
    self->sender = span_until (&head, ' ');
    if (!span_hex (span_until (&head, ' '), &self->incarnation) ||
        !span_hex (span_until (&head, ' '), &self->receiver) ||
        self->incarnation == 0)
        return false;

    span_t word = span_until (&head, ' ');
    int kind = MESSAGE_PUT;
    while (kind != MESSAGE_BAD && !span_equal (word, span_of (s_words [kind])))
        kind--;
    self->kind = (message_kind_t) kind;
    return kind != MESSAGE_BAD && s_parse_rest (self, head);
}


void
message_parse (message_t *self, span_t text)
{
    *self = (message_t){.kind = MESSAGE_BAD};
    if (!s_parse (self, text) || self->previous > self->last)
        *self = (message_t){.kind = MESSAGE_BAD};
}


static int
s_print_state (const message_t *self, char *buffer, size_t room)
{
    int size = snprintf (buffer, room,
        " %" PRIu64 " %" PRIu64 " %" PRIu64 " %016" PRIx64 " %" PRIu64
        " %" PRIu64 " ",
        self->tail, self->got, self->count, self->root, self->depth,
        self->floor);
    const char *separator = "";
    for (size_t index = 0; index < FLAGS_COUNT; index++)
        if (self->flags & s_flags [index].flag) {
            size += snprintf (buffer + size, room - (size_t) size, "%s%s",
                separator, s_flags [index].word);
            separator = ",";
        }
    if (!self->flags)
        buffer [size++] = '-';
    return size;
}


size_t
message_print (const message_t *self, char *buffer)
{
    assert (self->kind != MESSAGE_BAD && self->sender.size <= 64);
    int room = MESSAGE_HEAD_SIZE_MAX;
    int size = snprintf (buffer, (size_t) room,
        PROTOCOL " %016" PRIx64 " %.*s %016" PRIx64 " %016" PRIx64 " %s",
        self->herd, (int) self->sender.size, self->sender.data,
        self->incarnation, self->receiver, s_words [self->kind]);
    if (self->kind == MESSAGE_STATE || self->kind == MESSAGE_BATCH)
        size += snprintf (buffer + size, (size_t) (room - size),
            " %" PRIu64 " %" PRIu64, self->previous, self->last);
    if (self->kind == MESSAGE_STATE)
        size += s_print_state (self, buffer + size, (size_t) (room - size));
    buffer [size++] = '\n';
    assert (size < room);
    return (size_t) size;
}
