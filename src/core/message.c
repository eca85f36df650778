/*  =========================================================================
    message - what servers say to each other
    =========================================================================
*/

#include "core/message.h"

#include "core/code.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PROTOCOL "ZHERD/1"

//  The head's first words: protocol, herd, sender, incarnation, receiver
#define CLOSED_WORDS 5

static const struct {
    unsigned flag;
    const char *word;
} s_flags [] = {{MESSAGE_NAK, "nak"}, {MESSAGE_LEAVING, "leaving"},
    {MESSAGE_LOADING, "loading"}, {MESSAGE_DEAF, "deaf"},
    {MESSAGE_SWEEPING, "sweeping"}};

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
s_parse_code (span_t *head, uint64_t *number)
{
    return code_parse (span_until (head, ' '), CODE_SIZE_64, number);
}


//  Positions that follow each other are written as their distance, which is
//  nothing most of the time

static bool
s_parse_positions (message_t *self, span_t *head)
{
    uint64_t more;
    if (!s_decimals (head, (uint64_t *[]){&self->previous, &more}, 2))
        return false;
    self->last = self->previous + more;
    return self->last >= self->previous;
}


static bool
s_parse_state (message_t *self, span_t head)
{
    uint64_t rest;
    if (!s_decimals (
            &head, (uint64_t *[]){&rest, &self->got, &self->count}, 3) ||
        !s_parse_code (&head, &self->root) ||
        !s_decimals (&head, (uint64_t *[]){&self->depth, &self->floor}, 2))
        return false;
    self->tail = self->last + rest;
    return self->tail >= self->last && s_parse_flags (head, &self->flags) &&
           self->body.size == 0;
}


static bool
s_parse_rest (message_t *self, span_t head)
{
    bool streams = self->kind == MESSAGE_STATE || self->kind == MESSAGE_BATCH;
    if (streams && !s_parse_positions (self, &head))
        return false;
    if (self->kind == MESSAGE_STATE)
        return s_parse_state (self, head);
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
        !s_parse_code (&head, &self->herd))
        return false;
    self->sender = span_until (&head, ' ');
    if (!s_parse_code (&head, &self->incarnation) ||
        !s_parse_code (&head, &self->receiver) || self->incarnation == 0)
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
    if (!s_parse (self, text))
        *self = (message_t){.kind = MESSAGE_BAD};
}


span_t
message_open (span_t text)
{
    for (int word = 0; word < CLOSED_WORDS; word++)
        span_until (&text, ' ');
    return text;
}


static char *
s_print_decimal (char *to, uint64_t number)
{
    return to + snprintf (to, 24, " %" PRIu64, number);
}


static char *
s_print_code (char *to, uint64_t number)
{
    *to++ = ' ';
    return code_print (to, number, CODE_SIZE_64);
}


static char *
s_print_state (const message_t *self, char *to)
{
    to = s_print_decimal (to, self->tail - self->last);
    to = s_print_decimal (to, self->got);
    to = s_print_decimal (to, self->count);
    to = s_print_code (to, self->root);
    to = s_print_decimal (to, self->depth);
    to = s_print_decimal (to, self->floor);
    *to++ = ' ';
    char *flags = to;
    for (size_t index = 0; index < FLAGS_COUNT; index++)
        if (self->flags & s_flags [index].flag) {
            if (to > flags)
                *to++ = ',';
            to = stpcpy (to, s_flags [index].word);
        }
    if (to == flags)
        *to++ = '-';
    return to;
}


size_t
message_print (const message_t *self, char *buffer)
{
    assert (self->kind != MESSAGE_BAD && self->sender.size <= 64);
    char *to = s_print_code (stpcpy (buffer, PROTOCOL), self->herd);
    *to++ = ' ';
    to = mempcpy (to, self->sender.data, self->sender.size);
    to = s_print_code (to, self->incarnation);
    to = s_print_code (to, self->receiver);
    *to++ = ' ';
    to = stpcpy (to, s_words [self->kind]);
    if (self->kind == MESSAGE_STATE || self->kind == MESSAGE_BATCH) {
        to = s_print_decimal (to, self->previous);
        to = s_print_decimal (to, self->last - self->previous);
    }
    if (self->kind == MESSAGE_STATE)
        to = s_print_state (self, to);
    *to++ = '\n';
    assert (to - buffer < MESSAGE_HEAD_SIZE_MAX);
    return (size_t) (to - buffer);
}
