/*  =========================================================================
    agenda - what is going to happen, the soonest first
    =========================================================================
*/

#include "sim/agenda.h"

#include <assert.h>
#include <stdlib.h>

struct agenda_t {
    happening_t *heap;
    size_t count;
    size_t room;
    uint64_t numbers;
};


agenda_t *
agenda_new (void)
{
    agenda_t *self = calloc (1, sizeof (agenda_t));
    assert (self);
    return self;
}


void
agenda_destroy (agenda_t **self_p)
{
    agenda_t *self = *self_p;
    if (self) {
        for (size_t at = 0; at < self->count; at++)
            free (self->heap [at].text);
        free (self->heap);
        free (self);
        *self_p = NULL;
    }
}


static bool
s_before (const happening_t *one, const happening_t *other)
{
    if (one->at_us != other->at_us)
        return one->at_us < other->at_us;
    return one->number < other->number;
}


void
agenda_put (agenda_t *self, const happening_t *happening)
{
    if (self->count == self->room) {
        self->room = self->room ? self->room * 2 : 64;
        self->heap = realloc (self->heap, self->room * sizeof (happening_t));
        assert (self->heap);
    }
    happening_t mine = *happening;
    mine.number = self->numbers++;
    size_t at = self->count++;
    while (at && s_before (&mine, &self->heap [(at - 1) / 2])) {
        self->heap [at] = self->heap [(at - 1) / 2];
        at = (at - 1) / 2;
    }
    self->heap [at] = mine;
}


bool
agenda_take (agenda_t *self, int64_t until_us, happening_t *happening)
{
    if (self->count == 0 || self->heap [0].at_us > until_us)
        return false;
    *happening = self->heap [0];
    const happening_t *last = &self->heap [--self->count];
    size_t at = 0;
    while (at * 2 + 1 < self->count) {
        size_t child = at * 2 + 1;
        if (child + 1 < self->count &&
            s_before (&self->heap [child + 1], &self->heap [child]))
            child++;
        if (!s_before (&self->heap [child], last))
            break;
        self->heap [at] = self->heap [child];
        at = child;
    }
    self->heap [at] = *last;
    return true;
}


int64_t
agenda_next_us (const agenda_t *self)
{
    return self->count ? self->heap [0].at_us : INT64_MAX;
}


event_kind_t
agenda_event (happening_kind_t kind)
{
    static const event_kind_t kinds [] = {
        [HAPPENING_TICK] = EVENT_TICK,
        [HAPPENING_UP] = EVENT_PEER_UP,
        [HAPPENING_DOWN] = EVENT_PEER_DOWN,
        [HAPPENING_MESSAGE] = EVENT_PEER_MESSAGE,
    };
    return kinds [kind];
}
