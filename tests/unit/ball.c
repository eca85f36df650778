/*  =========================================================================
    ball - messages made by hand, in Ball's name
    =========================================================================
*/

#include "unit/ball.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


int
ball_setup (void **state)
{
    relay_pair (state);
    relay_lose (*state, ALFORD, BALL, true);
    relay_lose (*state, BALL, ALFORD, true);
    return 0;
}


//  Ball has taken all that Alford sent, though it is lost

void
ball_says (relay_t *self, const char *text)
{
    message_t message;
    message_parse (&message, span_of (text));
    message.taken = self->wires [ALFORD][BALL].sent;
    char *told = malloc (MESSAGE_HEAD_SIZE_MAX + strlen (text));
    assert (told);
    size_t size = 0;
    if (message.kind >= MESSAGE_STATE) {
        size = message_print (&message, told);
        if (message.body.size)
            memcpy (told + size, message.body.data, message.body.size);
        text = told;
        size += message.body.size;
    }
    else
        size = strlen (text);
    relay_receive (self, ALFORD, (span_t){text, size});
    free (told);
}


void
ball_says_state (relay_t *self, uint64_t got, const char *flags)
{
    char text [MESSAGE_HEAD_SIZE_MAX];
    snprintf (text, sizeof text,
        BALL_SAYS "STATE " LSN "0 0 0 %" PRIu64 " 0 AAAAAAAAAAA 0 %s\n",
        TABLE_LSN_BASE + got, flags);
    ball_says (self, text);
}


void
ball_lives (relay_t *self, unsigned incarnation, uint64_t changes)
{
    char text [MESSAGE_HEAD_SIZE_MAX];
    message_t message = {.kind = MESSAGE_STATE,
        .herd = 0x1234,
        .sender = span_of ("Ball"),
        .incarnation = incarnation,
        .receiver = 9,
        .previous = TABLE_LSN_BASE + changes,
        .last = TABLE_LSN_BASE + changes,
        .tail = TABLE_LSN_BASE + changes};
    relay_receive (
        self, ALFORD, (span_t){text, message_print (&message, text)});
}


void
ball_says_root (relay_t *self, const char *root, unsigned floor)
{
    char text [MESSAGE_HEAD_SIZE_MAX];
    snprintf (text, sizeof text,
        BALL_SAYS "STATE " LSN "0 0 0 " LSN "0 1 %s %u settled\n", root, floor);
    ball_says (self, text);
}


void
ball_says_much (relay_t *self, unsigned tail, unsigned count, const char *flags)
{
    char text [MESSAGE_HEAD_SIZE_MAX];
    snprintf (text, sizeof (text),
        BALL_SAYS "STATE " LSN "%u 0 0 " LSN "0 %u AAAAADerb7v 0 %s\n", tail,
        count, flags);
    ball_says (self, text);
}


void
ball_says_rich (relay_t *self, unsigned tail, const char *flags)
{
    ball_says_much (self, tail, 1000, flags);
}


uint64_t
ball_is_told (relay_t *self, int64_t after_ms, bool *nak)
{
    self->clock_ms += after_ms;
    const member_t *alford = &self->members [ALFORD];
    message_t message;
    message_parse (&message, flood_next (alford->flood, 0, self->clock_ms,
                                 self->buffer, alford->effects));
    assert (message.kind == MESSAGE_STATE);
    *nak = message.flags & MESSAGE_NAK;
    return message.got - TABLE_LSN_BASE;
}
