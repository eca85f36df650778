/*  =========================================================================
    twins - two processes of one name
    =========================================================================
*/

#include "flood/twins.h"


//  While we talk with one process of the peer's name, no other takes its
//  place: not the one before, nor a new one, unless our connection was lost, as
//  it is when a process ends

bool
twins_is_second (const taking_t *taking)
{
    const link_t *link = taking->link;
    uint64_t incarnation = taking->message->incarnation;
    bool taken = link->seen.up && link->connected;
    return incarnation != link->incarnation &&
           (taken || incarnation == link->retired) &&
           taking->event->clock_ms - link->heard_ms <= FLOOD_SILENCE_MS;
}


//  Return true if the peer takes our messages, and for long spoke to
//  others only, or to nobody since our connection was made

static bool
s_ignores_us (const flood_t *self, const link_t *link, int64_t clock_ms)
{
    bool others = link->named && link->named != self->options.incarnation &&
                  clock_ms - link->heard_ms <= FLOOD_SILENCE_MS;
    return clock_ms - link->connected_ms > FLOOD_SILENCE_MS &&
           clock_ms - link->named_ms > FLOOD_SILENCE_MS &&
           (others || link->named_ms < link->connected_ms);
}


//  Return true if all who take our messages ignore us: they have another
//  process of our name

static bool
s_are_we_second (const flood_t *self, int64_t clock_ms)
{
    bool ignored = false;
    for (const link_t *link = self->links; link; link = link->next) {
        if (link->connected && !s_ignores_us (self, link, clock_ms))
            return false;
        ignored |= link->connected;
    }
    return ignored;
}


void
twins_tick (flood_t *self, int64_t clock_ms, effects_t *effects)
{
    bool twin = s_are_we_second (self, clock_ms);
    if (twin && !self->twin)
        effects_note (effects,
            "no peer speaks to this process: another has the name %s, or "
            "they cannot reach us, or have no link to us",
            self->name);
    else if (!twin && self->twin)
        effects_note (effects, "peers speak to this process again");
    self->twin = twin;
}
