/*  =========================================================================
    restore - what our own disk brings back
    =========================================================================
*/

#include "flood/restore.h"

#include "base/base64num.h"
#include "flood/state.h"
#include "flood/timing.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//  A clock that differs from herd time by more is wrong
#define SOUND_SECONDS TIMING_FUTURE_SECONDS

//  The last second of the year 9999: no floor is more
#define FLOOR_MAX UINT64_C (253402300799)

//  For streams that go on: then loading ends without them
#define RESUME_MS 30000

//  "PEER ", the name, three numbers, blanks and line end
#define PEER_SIZE_MAX (5 + SPAN_NAME_SIZE_MAX + BASE64NUM_SIZE_64 + 2 * 20 + 4)

_Static_assert(TABLE_PEERS_MAX *PEER_SIZE_MAX + 128 <= FLOOD_MARK_SIZE_MAX,
    "every mark has room");


static void
s_take_record (flood_t *self, span_t line)
{
    location_t location;
    if (!location_parse (&location, line)) {
        self->restored_bad++;
        return;
    }
    table_result_t result = table_restore (self->table, &location);
    self->restored++;
    self->restored_bad += result == TABLE_FULL;
    self->loaded += result == TABLE_STORED;
    if (self->restored_newest < location.heard.seconds)
        self->restored_newest = location.heard.seconds;
}


static void
s_take_floor (flood_t *self, span_t rest)
{
    uint64_t floor;
    if (span_number (rest, FLOOR_MAX, &floor))
        expiry_resume (self->expiry, (int64_t) floor);
}


static void
s_take_peer (flood_t *self, span_t rest)
{
    uint64_t incarnation;
    uint64_t got;
    uint64_t loaded;
    span_t name = span_until (&rest, ' ');
    if (!base64num_parse (
            span_until (&rest, ' '), BASE64NUM_SIZE_64, &incarnation) ||
        !span_number (span_until (&rest, ' '), UINT64_MAX, &got) ||
        !span_number (rest, UINT64_MAX, &loaded))
        return;
    for (link_t *link = self->links; link; link = link->next) {
        if (span_equal (name, span_of (link->name))) {
            link->saved = incarnation;
            link->saved_got = got;
            link->saved_loaded = loaded;
        }
    }
}


//  What is read is not moved again and again while it grows

static void
s_expect (flood_t *self, span_t text)
{
    uint64_t clients;
    while (text.size) {
        span_t rest = span_until (&text, '\n');
        if (span_equal (span_until (&rest, ' '), span_of ("CLIENTS")) &&
            span_number (rest, UINT64_MAX, &clients))
            table_expect (self->table, clients);
    }
}


//  A word that is not known is passed over: later versions may say more

static void
s_take_mark (flood_t *self, span_t text)
{
    while (text.size) {
        span_t rest = span_until (&text, '\n');
        span_t word = span_until (&rest, ' ');
        if (span_equal (word, span_of ("FLOOR")))
            s_take_floor (self, rest);
        else if (span_equal (word, span_of ("PEER")))
            s_take_peer (self, rest);
    }
}


//  Return true if the process of the peer that we met is the one that we had
//  the stream of, and we did not go on with it yet

static bool
s_is_pending (const link_t *link)
{
    return link->saved && link->saved == link->incarnation;
}


//  Ask for nothing but what is new, until it is known what we lack

void
restore_meet (const taking_t *taking)
{
    link_t *link = taking->link;
    if (taking->flood->restoring || s_is_pending (link)) {
        link->stream.got = taking->message->tail;
        link->settled = false;
    }
}


//  Go on where we were

static void
s_resume (flood_t *self, link_t *link, int64_t clock_ms)
{
    self->resuming = link;
    link->resume_to = link->tail;
    link->settled = link->loaded == link->saved_loaded;
    link->saved = 0;
    if (link->saved_got < link->stream.got) {
        link->stream.got = link->saved_got;
        link->nak_due = link->state_due = true;
        link->nak_ms = clock_ms;
    }
}


//  One peer has sent what we missed.  Others missed nothing else, as a rule:
//  what they may have beside it an audit finds, for less than streams cost

static void
s_end_resuming (flood_t *self)
{
    self->resuming = NULL;
    for (link_t *link = self->links; link; link = link->next)
        link->saved = 0;
}


//  Go on with the first peer that can be gone on with

static void
s_check_resuming (flood_t *self, int64_t clock_ms)
{
    const link_t *resuming = self->resuming;
    if (self->restoring)
        return;
    if ((resuming && resuming->stream.got >= resuming->resume_to) ||
        clock_ms - self->restored_ms >= RESUME_MS)
        s_end_resuming (self);
    for (link_t *link = self->links; link && !self->resuming; link = link->next)
        if (s_is_pending (link) && link_is_up (link))
            s_resume (self, link, clock_ms);
}


void
restore_down (flood_t *self, const link_t *link)
{
    if (self->resuming == link)
        self->resuming = NULL;
}


static void
s_end_reading (flood_t *self, const event_t *event, effects_t *effects)
{
    self->restoring = false;
    self->restored_ms = event->clock_ms;
    state_tell_all (self);
    //  Where records are missing, there is nothing to go on from
    if (self->restored_bad)
        s_end_resuming (self);
    s_check_resuming (self, event->clock_ms);
    effects_note (effects, NOTICE_DISK_READ,
        "disk: %" PRIu64 " records read, %zu clients known", self->restored,
        table_count (self->table));
    if (self->restored_bad)
        effects_note (effects, NOTICE_DISK_BAD_RECORDS,
            "disk: %" PRIu64 " records are no locations, or there is no room",
            self->restored_bad);
}


void
restore_step (flood_t *self, const event_t *event, effects_t *effects)
{
    span_t text = event->text;
    if (event->kind == EVENT_DISK_BEGIN)
        s_expect (self, text);
    else if (event->kind == EVENT_DISK_RECORDS)
        while (text.size)
            s_take_record (self, span_until (&text, '\n'));
    else if (event->kind == EVENT_DISK_MARK)
        s_take_mark (self, text);
    else if (self->restoring)
        s_end_reading (self, event, effects);
}


bool
restore_is_resuming (const flood_t *self, const link_t *link, int64_t clock_ms)
{
    return (self->resuming == link || s_is_pending (link)) &&
           clock_ms - self->restored_ms < RESUME_MS;
}


//  Who has no herd to ask may still see that time goes backwards

static bool
s_is_sound (const flood_t *self, const event_t *event)
{
    int64_t now = event->now.seconds;
    int64_t herd = timing_herd (self, event).seconds;
    return self->voted ? llabs (herd - now) <= SOUND_SECONDS
                       : now >= self->restored_newest;
}


void
restore_tick (flood_t *self, const event_t *event, effects_t *effects)
{
    s_check_resuming (self, event->clock_ms);
    if (self->clock_sound || self->loading)
        return;
    self->clock_sound = s_is_sound (self, event);
    if (!self->clock_sound && !self->unsound_noted)
        effects_note (effects, NOTICE_CLOCK_IMPOSSIBLE,
            "our clock can't be right, by what was heard before: until it is "
            "set, no client expires");
    else if (self->clock_sound && self->unsound_noted)
        effects_note (effects, NOTICE_CLOCK_POSSIBLE,
            "our clock is right again: clients may expire");
    self->unsound_noted = !self->clock_sound;
}


//  Where we do not have all a peer had, there is nothing to go on from

static bool
s_is_whole (const link_t *link)
{
    return link->incarnation && link->settled && !link->drawing &&
           link->stream.got >= TABLE_LSN_BASE;
}


size_t
restore_mark (const flood_t *self, char *buffer)
{
    char *to = buffer;
    char *end = buffer + FLOOD_MARK_SIZE_MAX;
    to += snprintf (to, (size_t) (end - to), "CLIENTS %zu\nFLOOR %" PRId64 "\n",
        table_count (self->table), expiry_floor (self->expiry));
    for (const link_t *link = self->links; link; link = link->next) {
        if (!s_is_whole (link))
            continue;
        to += snprintf (to, (size_t) (end - to), "PEER %s ", link->name);
        to = base64num_print (to, link->incarnation, BASE64NUM_SIZE_64);
        to += snprintf (to, (size_t) (end - to), " %" PRIu64 " %" PRIu64 "\n",
            hearsay_sure (self, link), link->loaded);
        assert (to < end);
    }
    return (size_t) (to - buffer);
}
