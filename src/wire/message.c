/*  =========================================================================
    message - what servers say to each other
    =========================================================================
*/

#include "wire/message.h"

#include "base/base64num.h"
#include "base/digits.h"

#include <assert.h>
#include <string.h>

#define PROTOCOL "ZHERD/"
#define VERSIONS_MAX 999

//  The head's first words: protocol, herd, sender, incarnation, receiver
#define CLOSED_WORDS 5

static const struct {
    unsigned flag;
    const char *word;
} s_flags [] = {{MESSAGE_NAK, "nak"}, {MESSAGE_LEAVING, "leaving"},
    {MESSAGE_LOADING, "loading"}, {MESSAGE_DEAF, "deaf"},
    {MESSAGE_SWEEPING, "sweeping"}, {MESSAGE_SETTLED, "settled"},
    {MESSAGE_AUDITING, "auditing"}};

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


//  Flags and names that a later version may add are passed over, but have to be
//  lower-case words

static bool
s_is_name (span_t text)
{
    for (size_t at = 0; at < text.size; at++)
        if (text.data [at] < 'a' || text.data [at] > 'z')
            return false;
    return text.size > 0;
}


static bool
s_parse_flags (span_t text, unsigned *flags)
{
    *flags = 0;
    if (span_equal (text, span_of ("-")))
        return true;
    if (text.size == 0 || text.data [text.size - 1] == ',')
        return false;
    while (text.size) {
        span_t word = span_until (&text, ',');
        if (!s_is_name (word))
            return false;
        for (size_t index = 0; index < FLAGS_COUNT; index++)
            if (span_equal (word, span_of (s_flags [index].word)))
                *flags |= s_flags [index].flag;
    }
    return true;
}


//  The words of a STATE that are numbers

static uint64_t *
s_number (message_t *self, span_t name)
{
    if (span_equal (name, span_of ("clock")))
        return &self->clock_ms;
    if (span_equal (name, span_of ("ttl")))
        return &self->ttl;
    if (span_equal (name, span_of ("loaded")))
        return &self->loaded;
    if (span_equal (name, span_of ("left")))
        return &self->left;
    return span_equal (name, span_of ("nobody")) ? &self->nobody : NULL;
}


//  Those that are not

static span_t *
s_text (message_t *self, span_t name)
{
    if (span_equal (name, span_of ("source")))
        return &self->source;
    if (span_equal (name, span_of ("hears")))
        return &self->hears;
    return span_equal (name, span_of ("spare")) ? &self->spare : NULL;
}


static bool
s_parse_words (message_t *self, span_t head)
{
    while (head.size) {
        span_t value = span_until (&head, ' ');
        size_t size = value.size;
        span_t name = span_until (&value, '=');
        uint64_t *number = s_number (self, name);
        if (!s_is_name (name) || name.size == size || value.size == 0 ||
            (number && !span_number (value, UINT64_MAX, number)))
            return false;
        span_t *text = s_text (self, name);
        if (text)
            *text = value;
    }
    return true;
}


static bool
s_parse_code (span_t *head, uint64_t *number)
{
    return base64num_parse (span_until (head, ' '), BASE64NUM_SIZE_64, number);
}


//  Positions that follow each other are written as their distance, which is
//  nothing most of the time

static bool
s_parse_positions (message_t *self, span_t *head)
{
    uint64_t more;
    uint64_t rest;
    if (!s_decimals (
            head, (uint64_t *[]){&self->previous, &more, &rest, &self->got}, 4))
        return false;
    self->last = self->previous + more;
    self->tail = self->last + rest;
    return self->last >= self->previous && self->tail >= self->last;
}


static bool
s_parse_state (message_t *self, span_t head)
{
    return s_decimals (&head, (uint64_t *[]){&self->count}, 1) &&
           s_parse_code (&head, &self->root) &&
           s_decimals (&head, (uint64_t *[]){&self->floor}, 1) &&
           s_parse_flags (span_until (&head, ' '), &self->flags) &&
           s_parse_words (self, head) && self->body.size == 0;
}


//  Of nothing left out nothing is said

static bool
s_parse_left (message_t *self, span_t *head)
{
    return s_decimals (head, (uint64_t *[]){&self->left}, 1) && self->left;
}


static bool
s_parse_rest (message_t *self, span_t head)
{
    bool streams = self->kind == MESSAGE_STATE || self->kind == MESSAGE_BATCH;
    if (streams && !s_parse_positions (self, &head))
        return false;
    if (self->kind == MESSAGE_STATE)
        return s_parse_state (self, head);
    if (self->kind == MESSAGE_BATCH && head.size && !s_parse_left (self, &head))
        return false;
    bool ended =
        self->body.size && self->body.data [self->body.size - 1] == '\n';
    return head.size == 0 &&
           (ended || (self->kind == MESSAGE_BATCH && self->body.size == 0));
}


//  Words are separated, not ended: there is one way to write a message

static bool
s_ends_well (span_t head)
{
    return head.size && head.data [head.size - 1] != ' ';
}


static bool
s_parse_version (message_t *self, span_t *head)
{
    span_t word = span_until (head, ' ');
    return word.size > strlen (PROTOCOL) &&
           memcmp (word.data, PROTOCOL, strlen (PROTOCOL)) == 0 &&
           span_number ((span_t){word.data + strlen (PROTOCOL),
                            word.size - strlen (PROTOCOL)},
               VERSIONS_MAX, &self->version);
}


//  Read what stands before the word, and the word

static bool
s_parse_head (message_t *self, span_t *head)
{
    if (!s_parse_code (head, &self->herd))
        return false;
    self->sender = span_until (head, ' ');
    if (!s_parse_code (head, &self->incarnation) ||
        !s_parse_code (head, &self->receiver) || self->incarnation == 0 ||
        !s_decimals (head, (uint64_t *[]){&self->sent, &self->taken}, 2))
        return false;

    span_t word = span_until (head, ' ');
    int kind = MESSAGE_PUT;
    while (kind != MESSAGE_BAD &&
           !(s_words [kind] && span_equal (word, span_of (s_words [kind]))))
        kind--;
    self->kind = (message_kind_t) kind;
    return kind != MESSAGE_BAD;
}


void
message_parse (message_t *self, span_t text)
{
    size_t size = text.size;
    span_t head = span_until (&text, '\n');
    *self = (message_t){.kind = MESSAGE_BAD, .body = text};
    bool versed =
        head.size < size && s_ends_well (head) && s_parse_version (self, &head);
    if (versed && self->version != MESSAGE_VERSION)
        *self = (message_t){.kind = MESSAGE_OTHER, .version = self->version};
    else if (!versed || !s_parse_head (self, &head) ||
             !s_parse_rest (self, head))
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
s_print_digits (char *to, uint64_t number)
{
    return digits_print (to, number, digits_size (number));
}


static char *
s_print_decimal (char *to, uint64_t number)
{
    *to++ = ' ';
    return s_print_digits (to, number);
}


static char *
s_print_code (char *to, uint64_t number)
{
    *to++ = ' ';
    return base64num_print (to, number, BASE64NUM_SIZE_64);
}


static char *
s_print_flags (const message_t *self, char *to)
{
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


//  A number that is 0 need not be said

static char *
s_print_number (char *to, const char *name, uint64_t number)
{
    if (number == 0)
        return to;
    *to++ = ' ';
    to = stpcpy (to, name);
    *to++ = '=';
    return s_print_digits (to, number);
}


//  Nor need a text that is empty

static char *
s_print_text (char *to, const char *name, span_t text)
{
    if (text.size == 0)
        return to;
    *to++ = ' ';
    to = stpcpy (to, name);
    *to++ = '=';
    return mempcpy (to, text.data, text.size);
}


static char *
s_print_state (const message_t *self, char *to)
{
    assert (self->source.size <= 64);
    to = s_print_decimal (to, self->count);
    to = s_print_code (to, self->root);
    to = s_print_decimal (to, self->floor);
    to = s_print_flags (self, to);
    to = s_print_number (to, "clock", self->clock_ms);
    to = s_print_number (to, "ttl", self->ttl);
    to = s_print_number (to, "loaded", self->loaded);
    to = s_print_number (to, "nobody", self->nobody);
    to = s_print_number (to, "left", self->left);
    to = s_print_text (to, "source", self->source);
    to = s_print_text (to, "hears", self->hears);
    return s_print_text (to, "spare", self->spare);
}


static char *
s_print_positions (const message_t *self, char *to)
{
    to = s_print_decimal (to, self->previous);
    to = s_print_decimal (to, self->last - self->previous);
    to = s_print_decimal (to, self->tail - self->last);
    return s_print_decimal (to, self->got);
}


size_t
message_print (const message_t *self, char *buffer)
{
    assert (self->kind >= MESSAGE_STATE && self->sender.size <= 64);
    char *to = stpcpy (buffer, PROTOCOL);
    to = s_print_digits (to, MESSAGE_VERSION);
    to = s_print_code (to, self->herd);
    *to++ = ' ';
    to = mempcpy (to, self->sender.data, self->sender.size);
    to = s_print_code (to, self->incarnation);
    to = s_print_code (to, self->receiver);
    to = s_print_decimal (to, self->sent);
    to = s_print_decimal (to, self->taken);
    *to++ = ' ';
    to = stpcpy (to, s_words [self->kind]);
    if (self->kind == MESSAGE_STATE || self->kind == MESSAGE_BATCH)
        to = s_print_positions (self, to);
    if (self->kind == MESSAGE_STATE)
        to = s_print_state (self, to);
    else if (self->kind == MESSAGE_BATCH && self->left)
        to = s_print_decimal (to, self->left);
    *to++ = '\n';
    assert (to - buffer < MESSAGE_HEAD_SIZE_MAX);
    return (size_t) (to - buffer);
}
