/*  =========================================================================
    loading - filling a server that knows less than its peers
    =========================================================================
*/

#include "flood/loading.h"

#include "flood/restore.h"
#include "flood/state.h"

#include <inttypes.h>

//  A source that never rests is left when we have had all it had at the start
//  for so long; one that sends nothing, too
#define RESTLESS_MS 30000

//  Two that load from each other, in a circle, end it after so long
#define CIRCLE_MS 2000

//  Of a herd of unknown extent
#define NOBODY_MOST 64


//  How far around us nobody has to know anybody: as far as the herd goes, and
//  the peers of those

static uint64_t
s_enough (const flood_t *self)
{
    uint64_t hops = self->options.hops;
    return hops && hops < NOBODY_MOST ? hops + 1 : NOBODY_MOST;
}


//  Return true if there is no more use in waiting for who is not up

static bool
s_is_missed (const flood_t *self, const link_t *link, int64_t clock_ms)
{
    int64_t since_ms =
        link->down_ms > self->start_ms ? link->down_ms : self->start_ms;
    return link->state == LINK_REFUSED ||
           clock_ms - since_ms >= LOADING_WAIT_MS;
}


static uint64_t
s_count_nobody (const flood_t *self, int64_t clock_ms)
{
    uint64_t least = NOBODY_MOST;
    if (table_count (self->table) || self->source || self->restoring)
        return 0;
    for (const link_t *link = self->links; link; link = link->next) {
        uint64_t theirs = link->sourced ? 0 : link->nobody;
        if (link_is_up (link) && theirs < least)
            least = theirs;
        else if (!link_is_up (link) && !s_is_missed (self, link, clock_ms))
            return 0;
    }
    return least < NOBODY_MOST ? least + 1 : NOBODY_MOST;
}


//  A table of more than twice as many clients is worth to be had as a whole

static bool
s_is_much_more (uint64_t count, uint64_t other)
{
    return count > other && count - other > other;
}


bool
loading_is_worth (const flood_t *self, uint64_t count)
{
    return s_is_much_more (count, table_count (self->table));
}


//  Return true if the peer, who just spoke, has much that no stream would
//  bring us.  What it loads itself, it streams to nobody: it is waited for

static bool
s_has_much_more (const flood_t *self, const link_t *link)
{
    return !link->settled && !link->sourced &&
           loading_is_worth (self, link->count);
}


//  What a source had still to send we do not want any more

static void
s_stop_drawing (link_t *link)
{
    if (link->drawing) {
        link->drawing = false;
        link->stream.got = link->tail;
        link->state_due = true;
    }
}


static void
s_leave_source (flood_t *self)
{
    link_t *source = self->source;
    self->source = NULL;
    if (source)
        s_stop_drawing (source);
}


static void
s_make_source (flood_t *self, link_t *link, int64_t clock_ms)
{
    self->source = link;
    self->source_ms = 0;
    self->source_got = 0;
    self->source_got_ms = clock_ms;
    self->loading = true;
}


static void
s_begin_loading (const taking_t *taking)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    s_leave_source (self);
    s_make_source (self, link, taking->event->clock_ms);
    link->drawing = true;
    link->drawn_to = link->tail;
    link->loaded_before = link->loaded;
    link->stream.got = 0;
    link->nak_due = link->state_due = true;
    link->nak_ms = taking->event->clock_ms;
    effects_note (taking->effects, NOTICE_LOADING,
        "loading %" PRIu64 " clients from %s", link->count, link->name);
}


//  Return true if the message shows that the source has sent all it had, and
//  we have that; or had what it had at the start for long.  A BATCH does not
//  show it: the source may load itself since its last STATE

static bool
s_has_all (const taking_t *taking)
{
    flood_t *self = taking->flood;
    const link_t *link = taking->link;
    const message_t *message = taking->message;
    int64_t clock_ms = taking->event->clock_ms;
    if (link->stream.got != self->source_got) {
        self->source_got = link->stream.got;
        self->source_got_ms = clock_ms;
    }
    if (link->stream.got >= link->drawn_to && self->source_ms == 0)
        self->source_ms = clock_ms;
    int64_t rest_ms = self->source_ms ? clock_ms - self->source_ms : 0;
    bool at_rest = message->kind == MESSAGE_STATE &&
                   message->last == message->tail &&
                   link->stream.got >= message->last;
    return (at_rest && (!link->sourced || rest_ms >= CIRCLE_MS)) ||
           rest_ms >= RESTLESS_MS;
}


void
loading_hear (const taking_t *taking)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    link_t *source = self->source;
    bool better = !source || (source != link &&
                                 s_is_much_more (link->count, source->count));
    if (source && source == link && link_is_up (link) && s_has_all (taking)) {
        self->source = NULL;
        link->drawing = false;
        //  What it loaded meanwhile it streamed to nobody
        link->settled = !link->sourced && link->loaded == link->loaded_before;
    }
    else if (better && !self->restoring && s_has_much_more (self, link))
        s_begin_loading (taking);
    //  Others wait for who has a source
    if (self->source != source)
        state_tell_all (self);
    loading_check (self, taking->event->clock_ms, taking->effects);
}


bool
loading_is_bulk (const taking_t *taking)
{
    const flood_t *self = taking->flood;
    return self->source == taking->link &&
           taking->message->kind == MESSAGE_BATCH &&
           taking->message->previous < taking->link->drawn_to;
}


void
loading_count (const taking_t *taking)
{
    taking->flood->loaded++;
    taking->link->drawn++;
}


//  A source that comes back goes on where it was, if no other took its place

void
loading_up (flood_t *self, link_t *link, int64_t clock_ms)
{
    if (link->drawing && !self->source)
        s_make_source (self, link, clock_ms);
    else if (self->source != link)
        s_stop_drawing (link);
}


void
loading_down (flood_t *self, const link_t *link)
{
    if (self->source == link)
        self->source = NULL;
}


//  Return true if the peer loads from another, and gets on with it

static bool
s_is_filling (const link_t *link, int64_t clock_ms)
{
    return link->sourced && clock_ms - link->grown_ms <= RESTLESS_MS;
}


//  Return true if there is a peer who has it all, and all it had we have

static bool
s_is_whole (const flood_t *self)
{
    for (const link_t *link = self->links; link; link = link->next) {
        if (link_is_up (link) && link->settled && link->count &&
            !(link->flags & MESSAGE_LOADING))
            return true;
    }
    return false;
}


static bool
s_is_over (const flood_t *self, uint64_t nobody, int64_t clock_ms)
{
    bool undecided = false;
    if (self->source || self->restoring)
        return false;
    for (const link_t *link = self->links; link; link = link->next) {
        if (link_is_up (link) ? s_is_filling (link, clock_ms) ||
                                    s_has_much_more (self, link) ||
                                    restore_is_resuming (self, link, clock_ms)
                              : !s_is_missed (self, link, clock_ms))
            return false;
        undecided |=
            link_is_up (link) && link->flags & MESSAGE_LOADING && !link->draws;
    }
    return !undecided || s_is_whole (self) ||
           clock_ms - self->start_ms >= LOADING_WAIT_MS ||
           nobody >= s_enough (self);
}


//  Leave a source that sends nothing, or does not come up

static void
s_check_source (flood_t *self, int64_t clock_ms)
{
    link_t *source = self->source;
    int64_t since_ms = clock_ms - self->source_got_ms;
    if (!source ||
        since_ms <= (link_is_up (source) ? RESTLESS_MS : LOADING_WAIT_MS))
        return;
    source->settled = link_is_up (source);
    s_leave_source (self);
}


void
loading_check (flood_t *self, int64_t clock_ms, effects_t *effects)
{
    if (!self->loading)
        return;
    s_check_source (self, clock_ms);
    uint64_t nobody = s_count_nobody (self, clock_ms);
    bool over = s_is_over (self, nobody, clock_ms);
    if (over || nobody != self->nobody)
        state_tell_all (self);
    self->nobody = nobody;
    self->loading = !over;
    if (over)
        effects_note (effects, NOTICE_LOADED, "loaded: %zu clients known",
            table_count (self->table));
}


uint64_t
loading_nobody (const flood_t *self)
{
    return table_count (self->table) ? 0 : self->nobody;
}
