/*  =========================================================================
    inbox - what waits until a paused host reads again
    =========================================================================
*/

#include "sim/inbox.h"

#include <assert.h>
#include <stdlib.h>

//  How often peers may change places
#define SHUFFLES 16


void
inbox_keep (inbox_t *self, const happening_t *happening)
{
    self->waiting =
        realloc (self->waiting, (self->count + 1) * sizeof (happening_t));
    assert (self->waiting);
    self->waiting [self->count++] = *happening;
}


static void
s_shuffle (inbox_t *self, chance_t *chance)
{
    happening_t *waiting = self->waiting;
    for (unsigned pass = 0; pass < SHUFFLES; pass++)
        for (size_t at = 0; at + 1 < self->count; at++)
            if (waiting [at].connection != waiting [at + 1].connection &&
                chance_below (chance, 2)) {
                happening_t first = waiting [at];
                waiting [at] = waiting [at + 1];
                waiting [at + 1] = first;
            }
}


void
inbox_open (inbox_t *self, const air_t *air)
{
    s_shuffle (self, air->chance);
    for (size_t at = 0; at < self->count; at++) {
        self->waiting [at].at_us = air->now_us - 1;
        agenda_put (air->agenda, &self->waiting [at]);
        self->waiting [at].text = NULL;
    }
    inbox_clear (self);
}


void
inbox_clear (inbox_t *self)
{
    for (size_t at = 0; at < self->count; at++)
        free (self->waiting [at].text);
    free (self->waiting);
    *self = (inbox_t){NULL, 0};
}
