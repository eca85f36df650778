/*  =========================================================================
    bulletin - how the server and its herd are, for pages
    =========================================================================
*/

#include "web/bulletin.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "event: herd\ndata: "
#define TAIL "\n\n"


void
bulletin_clear (bulletin_t *self)
{
    free (self->event);
    self->event = NULL;
}


span_t
bulletin_event (bulletin_t *self, int64_t clock_ms)
{
    if (!self->event || clock_ms - self->made_ms >= BULLETIN_MS) {
        bulletin_clear (self);
        char *text = self->ask (self->context);
        int size = asprintf (&self->event, HEAD "%s" TAIL, text);
        assert (size > 0);
        free (text);
        self->event_size = (size_t) size;
        self->made_ms = clock_ms;
    }
    return (span_t){self->event, self->event_size};
}


void
bulletin_show (
    bulletin_t *self, int64_t clock_ms, exchange_response_t *response)
{
    span_t event = bulletin_event (self, clock_ms);
    exchange_say (
        response, 200, "application/json", event.data + strlen (HEAD));
    //  One line end is the text's own
    response->size -= strlen (TAIL) - 1;
}
