/*  =========================================================================
    wires - what passed between floods, counted
    =========================================================================
*/

#include "unit/wires.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>


static size_t
s_count_lines (span_t body)
{
    size_t lines = 0;
    for (; body.size; lines++)
        span_until (&body, '\n');
    return lines;
}


static void
s_count_state (wire_t *self, const message_t *message, int64_t clock_ms)
{
    if (self->states++ && clock_ms - self->state_ms < self->gap_ms)
        self->gap_ms = clock_ms - self->state_ms;
    self->state_ms = clock_ms;
    self->state = *message;
    self->state.sender = self->state.body = (span_t){NULL, 0};
}


void
wire_count (wire_t *self, span_t text, int64_t clock_ms)
{
    message_t message;
    message_parse (&message, text);
    assert (message.kind != MESSAGE_BAD);
    self->sent = message.sent + text.size;
    if (text.size > self->size_max)
        self->size_max = text.size;
    if (message.kind == MESSAGE_STATE) {
        s_count_state (self, &message, clock_ms);
        return;
    }
    self->bytes += text.size;
    if (message.body.size > self->body_max)
        self->body_max = message.body.size;
    if (message.kind != MESSAGE_BATCH) {
        self->audits++;
        if (message.kind == MESSAGE_PUT)
            self->puts += s_count_lines (message.body);
        return;
    }
    self->batches++;
    self->records += s_count_lines (message.body);
    free (self->batch);
    self->batch = strndup (message.body.data, message.body.size);
    assert (self->batch);
}


void
wire_forget (wire_t *self)
{
    free (self->batch);
    *self =
        (wire_t){.lossy = self->lossy, .gap_ms = INT64_MAX, .sent = self->sent};
}
