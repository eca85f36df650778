/*  =========================================================================
    links - who our peers are, and how that changes
    =========================================================================
*/

#include "flood/links.h"

#include <assert.h>


static link_t **
s_place (flood_t *self, const link_t *link)
{
    link_t **place = &self->links;
    while (*place != link)
        place = &(*place)->next;
    return place;
}


//  Take the link out, so that nothing points to it any more

static void
s_drop (flood_t *self, link_t *link, int64_t clock_ms, effects_t *effects)
{
    link_state_take (&(taking_t){.flood = self,
                         .link = link,
                         .event = &(event_t){.clock_ms = clock_ms},
                         .effects = effects},
        LINK_REMOVED);
    if (self->sent < link->window.sent)
        self->sent = link->window.sent;
    *s_place (self, link) = link->next;
    self->by_index [link->index] = NULL;
    self->names [link->index] = NULL;
    while (self->indices && !self->by_index [self->indices - 1])
        self->indices--;
    link_leave (link);
    link_destroy (&link);
}


bool
links_add (flood_t *self, const event_t *event, effects_t *effects)
{
    unsigned index = event->peer;
    assert (index < TABLE_PEERS_MAX);
    link_t *link = self->by_index [index];
    if (link) {
        assert (link->removed_ms);
        if (span_equal (event->text, span_of (link->name))) {
            link->removed_ms = 0;
            link->told = false;
            link->state_due = true;
            return true;
        }
        s_drop (self, link, event->clock_ms, effects);
    }
    link = link_new (event->text, self->table, index);
    if (!link)
        return false;
    //  It may know us by a link that was removed: how many bytes came then, and
    //  what they asked for
    link->window.sent = link->hearsay.unasked = self->sent;
    window_renew (&link->window);
    *s_place (self, NULL) = link;
    self->by_index [index] = link;
    self->names [index] = link->name;
    link->stream.names = self->names;
    if (self->indices <= index)
        self->indices = index + 1;
    return true;
}


void
links_remove (flood_t *self, const event_t *event)
{
    link_t *link = self->by_index [event->peer];
    assert (link && !link->removed_ms);
    link->state_due = true;
    link->removed_ms = event->clock_ms;
    link->removed_lsn = table_lsn (self->table);
    link->removed_tail = link->tail;
}


//  Return true if the peer was told that the link ends, and both have what
//  the other had then; or there is nobody to tell

static bool
s_is_over (const link_t *link, int64_t clock_ms)
{
    bool passed_on = link->stream.acked >= link->removed_lsn &&
                     link->stream.got >= link->removed_tail &&
                     !link->stream.spared;
    return link->state == LINK_LOST ||
           (link->told && (passed_on || !link_is_up (link))) ||
           clock_ms - link->removed_ms >= LINKS_PARTING_MS;
}


void
links_tick (flood_t *self, int64_t clock_ms, effects_t *effects)
{
    for (link_t *link = self->links, *next; link; link = next) {
        unsigned index = link->index;
        next = link->next;
        if (!link->removed_ms || !s_is_over (link, clock_ms))
            continue;
        s_drop (self, link, clock_ms, effects);
        effects_add (effects, EFFECT_PARTED, 0, 0)->peer = index;
    }
}


void
links_clear (flood_t *self)
{
    for (link_t *link = self->links, *next; link; link = next) {
        next = link->next;
        link_destroy (&link);
    }
    self->links = NULL;
}
