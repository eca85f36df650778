/*  =========================================================================
    timing - what peers say of clocks and of the time to live
    =========================================================================
*/

#include "flood/timing.h"

#include <inttypes.h>
#include <stdlib.h>

#define NOTE_EVERY_MS ((int64_t) 3600000)

//  The last ms of the year 9999: no clock shows more
#define WALL_MOST UINT64_C (253402300799999)


static int64_t
s_own_ahead_ms (const event_t *event)
{
    return event->now.seconds * 1000 + event->now.nanoseconds / 1000000 -
           event->clock_ms;
}


void
timing_start (flood_t *self, const event_t *event)
{
    self->own_ahead_ms = s_own_ahead_ms (event);
}


static instant_t
s_later (instant_t now, int64_t ms)
{
    int64_t seconds = ms / 1000;
    int64_t nanoseconds = now.nanoseconds + ms % 1000 * 1000000;
    if (nanoseconds < 0) {
        seconds--;
        nanoseconds += 1000000000;
    }
    else if (nanoseconds >= 1000000000) {
        seconds++;
        nanoseconds -= 1000000000;
    }
    return (instant_t){now.seconds + seconds, nanoseconds};
}


static bool
s_is_apart (int64_t difference_ms)
{
    return llabs (difference_ms) > HERD_TIME_APART_MS;
}


//  Clocks that are about as far apart as is noted are not noted again and again

static bool
s_is_together (int64_t difference_ms)
{
    return llabs (difference_ms) < HERD_TIME_APART_MS / 2;
}


//  Return true if it is time for a note, and it counts as written

static bool
s_may_note (int64_t *noted_ms, int64_t clock_ms)
{
    if (clock_ms - *noted_ms < NOTE_EVERY_MS)
        return false;
    *noted_ms = clock_ms;
    return true;
}


static void
s_note_clock (const taking_t *taking, int64_t difference_ms)
{
    link_t *link = taking->link;
    if (s_is_together (difference_ms))
        link->clock_noted_ms = INT64_MIN / 2;
    else if (s_is_apart (difference_ms) &&
             s_may_note (&link->clock_noted_ms, taking->event->clock_ms))
        effects_note (taking->effects, NOTICE_PEER_CLOCK,
            "the clock of %s is %" PRId64 " s %s ours", link->name,
            (int64_t) llabs (difference_ms) / 1000,
            difference_ms < 0 ? "behind" : "ahead of");
}


static void
s_note_ttl (const taking_t *taking)
{
    link_t *link = taking->link;
    uint64_t ours = (uint64_t) taking->flood->options.ttl_seconds;
    if (taking->message->ttl == ours)
        link->ttl_noted_ms = INT64_MIN / 2;
    else if (s_may_note (&link->ttl_noted_ms, taking->event->clock_ms))
        effects_note (taking->effects, NOTICE_PEER_TTL,
            "%s forgets clients after %" PRIu64 " s, we after %" PRIu64
            " s (0 = never): tables will differ",
            link->name, taking->message->ttl, ours);
}


void
timing_hear (const taking_t *taking)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    const message_t *message = taking->message;
    const event_t *event = taking->event;
    s_note_ttl (taking);
    if (message->clock_ms == 0 || message->clock_ms > WALL_MOST)
        return;
    readings_add (&link->clock, (int64_t) message->clock_ms, event->clock_ms);
    s_note_clock (taking, timing_difference_ms (self, link));
}


int64_t
timing_difference_ms (const flood_t *self, const link_t *link)
{
    int64_t ahead_ms;
    return readings_best (&link->clock, &ahead_ms)
               ? ahead_ms - self->own_ahead_ms
               : 0;
}


//  A clock that is before the program was made is none, and has no vote

static bool
s_votes (const flood_t *self, int64_t ahead_ms, int64_t clock_ms)
{
    return ahead_ms + clock_ms >= self->options.clock_least_seconds * 1000;
}


//  Find how far herd time is ahead of our steady clock.  Returns false if it is
//  what our clock shows

static bool
s_find_herd_time (const flood_t *self, int64_t clock_ms, int64_t *herd_ahead_ms)
{
    int64_t votes [TABLE_PEERS_MAX + 1];
    size_t count = 0;
    bool own = s_votes (self, self->own_ahead_ms, clock_ms);
    if (own)
        votes [count++] = self->own_ahead_ms;
    for (const link_t *link = self->links; link; link = link->next) {
        int64_t ahead_ms;
        if (link_is_up (link) && readings_best (&link->clock, &ahead_ms) &&
            s_votes (self, ahead_ms, clock_ms))
            votes [count++] = ahead_ms;
    }
    if (count == 0 || (own && count < HERD_TIME_VOTERS))
        return false;
    *herd_ahead_ms = herd_time_median (votes, count);
    return true;
}


//  Return by how many ms herd time is ahead of what our clock shows at the
//  event.  Herd time keeps to the steady clock: a step of ours is seen at once

static int64_t
s_ahead_ms (const flood_t *self, const event_t *event)
{
    return self->voted ? self->herd_ahead_ms - s_own_ahead_ms (event) : 0;
}


static void
s_note_wrong (flood_t *self, const event_t *event, effects_t *effects)
{
    int64_t ahead_ms = s_ahead_ms (self, event);
    if (s_is_apart (ahead_ms)) {
        if (s_may_note (&self->wrong_noted_ms, event->clock_ms))
            effects_note (effects, NOTICE_CLOCK_WRONG,
                "our clock is %" PRId64 " s %s most clocks of the herd: until "
                "it is set, locations are heard by theirs",
                (int64_t) llabs (ahead_ms) / 1000,
                ahead_ms < 0 ? "ahead of" : "behind");
    }
    else if (s_is_together (ahead_ms) && self->wrong_noted_ms > INT64_MIN / 2) {
        effects_note (
            effects, NOTICE_CLOCK_RIGHT, "our clock agrees with the herd's");
        self->wrong_noted_ms = INT64_MIN / 2;
    }
}


void
timing_tick (flood_t *self, const event_t *event, effects_t *effects)
{
    self->voted =
        s_find_herd_time (self, event->clock_ms, &self->herd_ahead_ms);
    s_note_wrong (self, event, effects);
}


instant_t
timing_herd (const flood_t *self, const event_t *event)
{
    return s_later (event->now, s_ahead_ms (self, event));
}


instant_t
timing_heard (const flood_t *self, const event_t *event)
{
    int64_t ahead_ms = s_ahead_ms (self, event);
    return s_is_apart (ahead_ms) ? s_later (event->now, ahead_ms) : event->now;
}
