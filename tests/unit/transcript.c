/*  =========================================================================
    transcript - what floods said to each other, as text that a case can state
    =========================================================================
*/

#include "unit/transcript.h"

#include "base/base64num.h"
#include "table/table.h"
#include "unit/spans.h"
#include "wire/message.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ROOT_LETTERS 3

struct transcript_t {
    FILE *out;
    char *text;
    size_t size;
};


static void
s_open (transcript_t *self)
{
    self->out = open_memstream (&self->text, &self->size);
    assert (self->out);
}


static void
s_close (transcript_t *self)
{
    fclose (self->out);
    free (self->text);
}


transcript_t *
transcript_new (void)
{
    transcript_t *self = calloc (1, sizeof (transcript_t));
    assert (self);
    s_open (self);
    return self;
}


void
transcript_destroy (transcript_t **self_p)
{
    transcript_t *self = *self_p;
    if (self) {
        s_close (self);
        free (self);
        *self_p = NULL;
    }
}


static void
s_skip (span_t *words, int count)
{
    while (count-- > 0)
        span_until (words, ' ');
}


static void
s_add_position (FILE *out, uint64_t lsn)
{
    if (lsn >= TABLE_LSN_BASE)
        fprintf (out, "+%" PRIu64, lsn - TABLE_LSN_BASE);
    else
        fprintf (out, "%" PRIu64, lsn);
}


static void
s_add_positions (FILE *out, const message_t *message)
{
    fputc (' ', out);
    s_add_position (out, message->previous);
    if (message->last > message->previous) {
        fputs ("..", out);
        s_add_position (out, message->last);
    }
    if (message->tail > message->last) {
        fputc ('/', out);
        s_add_position (out, message->tail);
    }
    fputs (" got=", out);
    s_add_position (out, message->got);
}


//  The words behind "STATE" are previous, more, rest, got, count, root, floor,
//  flags, and names with values

static void
s_add_state (FILE *out, const message_t *message, span_t words)
{
    s_skip (&words, 5);  //  Up to count
    span_t root = span_until (&words, ' ');
    fprintf (out, " table=%" PRIu64 ":%.*s", message->count, ROOT_LETTERS,
        root.data);
    s_skip (&words, 1);  //  floor
    span_t flags = span_until (&words, ' ');
    fprintf (out, " %.*s", (int) flags.size, flags.data);
    while (words.size) {
        span_t word = span_until (&words, ' ');
        span_t name = word;
        if (!span_equal (span_until (&name, '='), span_of ("clock")))
            fprintf (out, " %.*s", (int) word.size, word.data);
    }
}


static void
s_add_records (FILE *out, span_t body)
{
    while (body.size) {
        location_t location;
        bool good = location_parse (&location, span_until (&body, '\n'));
        assert (good);
        fprintf (
            out, " %.*s", (int) location.client.size, location.client.data);
    }
}


static void
s_add_clues (FILE *out, span_t body)
{
    while (body.size) {
        span_t codes = span_until (&body, '\n');
        span_t prefix = span_until (&codes, ' ');
        fprintf (out, " %.*s:%zu", (int) prefix.size, prefix.data,
            codes.size / BASE64NUM_SIZE_48);
    }
}


void
transcript_add (transcript_t *self, span_t text, const char *receiver,
    uint64_t incarnation, bool lost)
{
    FILE *out = self->out;
    message_t message;
    message_parse (&message, text);
    assert (message.kind >= MESSAGE_STATE);
    span_t open = message_open (text);
    span_t words = span_until (&open, '\n');
    s_skip (&words, 2);  //  sent, taken
    span_t word = span_until (&words, ' ');
    fprintf (out, "%.*s %c %s%s %.*s", (int) message.sender.size,
        message.sender.data, lost ? 'x' : '>', receiver,
        message.receiver == incarnation ? "" : "?", (int) word.size, word.data);
    if (message.kind == MESSAGE_STATE || message.kind == MESSAGE_BATCH)
        s_add_positions (out, &message);
    if (message.kind == MESSAGE_STATE)
        s_add_state (out, &message, words);
    else if (message.kind == MESSAGE_BATCH && message.body.size)
        fputc (':', out);
    if (message.kind == MESSAGE_BATCH || message.kind == MESSAGE_PUT)
        s_add_records (out, message.body);
    else
        s_add_clues (out, message.body);
    fputc ('\n', out);
}


void
transcript_check (
    transcript_t *self, const char *lines, const char *file, int line)
{
    fflush (self->out);
    bool same = span_equal ((span_t){self->text, self->size}, span_of (lines));
    if (!same) {
        print_error ("# said:\n%s# expected:\n%s", self->text, lines);
        _fail (file, line);
    }
    s_close (self);
    s_open (self);
}
