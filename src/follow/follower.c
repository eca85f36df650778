/*  =========================================================================
    follower - one who is told where clients are, from now on
    =========================================================================
*/

#include "follow/follower.h"

#include "base/buffer.h"
#include "follow/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  Records that a call looks at, and those that a way to a position leads over
#define LOOKS 4096
#define STEPS 16384

//  Cells and records that are looked at for who is inside: a few milliseconds
#define FIND_LOOKS 200000

//  Bytes of clients that are gone and not told yet.  With more it is cheaper to
//  begin anew
#define GONE_SIZE_MAX 65536

struct followers_t {
    table_t *table;  //  Borrowed
    follower_t *first;
    size_t count;
};

struct follower_t {
    followers_t *crowd;
    follower_t *next;
    follower_t **at;  //  Where the crowd's list points to it
    area_t area;
    char *client;  //  The area's own
    size_t inside_max;
    copy_t copy;
    copy_position_t position;  //  What the copy has, or is to have
    copy_position_t seen;      //  When it lacked nothing
    bool seeking;              //  It is on its way there
    bool afresh;               //  It is to be told that it begins
    bool telling;              //  It is being told who is inside:
    size_t told;               //  up to this slot
    bool crowded;              //  There are too many,
    bool ended;                //  and it knows
    inside_t inside;
    char *gone;  //  Clients that are, each with LF
    size_t gone_size;
    size_t gone_room;
    size_t gone_at;  //  Up to where they were told
};


//  Keep for the follower that the client is gone, if it knows that it is inside

static void
s_lose (follower_t *self, span_t client, uint64_t hash)
{
    size_t slot = inside_find (&self->inside, hash);
    if (!inside_remove (&self->inside, hash) || self->crowded ||
        (self->telling && slot >= self->told))
        return;
    if (self->gone_at == self->gone_size)
        self->gone_at = self->gone_size = 0;
    if (self->gone_size + client.size + 1 > GONE_SIZE_MAX) {
        self->gone_at = self->gone_size = 0;
        self->afresh = true;
    }
    if (self->afresh)
        return;
    self->gone = buffer_grow (
        self->gone, &self->gone_room, self->gone_size + client.size + 1, 1);
    memcpy (self->gone + self->gone_size, client.data, client.size);
    self->gone_size += client.size;
    self->gone [self->gone_size++] = '\n';
}


static void
s_dropped (void *context, span_t client, uint64_t hash)
{
    followers_t *self = context;
    for (follower_t *each = self->first; each; each = each->next)
        if (each->inside.count)
            s_lose (each, client, hash);
}


followers_t *
followers_new (table_t *table)
{
    followers_t *self = calloc (1, sizeof (followers_t));
    assert (self);
    self->table = table;
    table_tell_dropped (table, s_dropped, self);
    return self;
}


void
followers_destroy (followers_t **self_p)
{
    followers_t *self = *self_p;
    if (self) {
        assert (!self->first);
        table_tell_dropped (self->table, NULL, NULL);
        free (self);
        *self_p = NULL;
    }
}


size_t
followers_count (const followers_t *self)
{
    return self->count;
}


static void
s_find (void *context, span_t client)
{
    follower_t *self = context;
    inside_add (&self->inside, table_hash (self->crowd->table, client));
}


//  Have who is inside now, and nothing to tell but that

static void
s_begin (follower_t *self)
{
    size_t looks = FIND_LOOKS;
    inside_clear (&self->inside);
    self->gone_at = self->gone_size = 0;
    self->crowded =
        area_find (&self->area, self->crowd->table, self->inside_max, &looks,
            s_find, self) > self->inside_max;
    self->afresh = !self->crowded;
    self->telling = false;
    self->position = copy_everything (&self->copy);
    self->seeking = true;
}


static void
s_join (follower_t *self, followers_t *crowd)
{
    self->crowd = crowd;
    self->next = crowd->first;
    self->at = &crowd->first;
    if (self->next)
        self->next->at = &self->next;
    crowd->first = self;
    crowd->count++;
}


follower_t *
follower_new (followers_t *crowd, const area_t *area, size_t inside_max)
{
    copy_t copy;
    if (!copy_init (&copy, crowd->table))
        return NULL;
    follower_t *self = calloc (1, sizeof (follower_t));
    assert (self);
    self->copy = copy;
    self->area = *area;
    self->inside_max = inside_max;
    self->client =
        strndup (area->client.size ? area->client.data : "", area->client.size);
    assert (self->client);
    self->area.client.data = self->client;
    s_join (self, crowd);
    self->position = copy_nothing (&self->copy);
    if (area->kind != AREA_ALL)
        s_begin (self);
    if (self->crowded)
        follower_destroy (&self);
    return self;
}


void
follower_destroy (follower_t **self_p)
{
    follower_t *self = *self_p;
    if (self) {
        *self->at = self->next;
        if (self->next)
            self->next->at = self->at;
        self->crowd->count--;
        copy_clear (&self->copy);
        inside_clear (&self->inside);
        free (self->client);
        free (self->gone);
        free (self);
        *self_p = NULL;
    }
}


bool
follower_resume (follower_t *self, copy_position_t position)
{
    copy_position_t now = copy_everything (&self->copy);
    bool possible =
        self->area.kind == AREA_ALL && position.first >= now.first &&
        position.first <= TABLE_LSN_BASE + 1 &&
        position.last >= position.first - 1 && position.last <= now.last;
    if (possible) {
        self->position = position;
        self->seeking = true;
    }
    return possible;
}


void
follower_skip (follower_t *self)
{
    self->position = copy_everything (&self->copy);
    self->seeking = true;
    self->afresh = false;
}


bool
follower_has_next (const follower_t *self)
{
    copy_position_t now = copy_everything (&self->copy);
    if (self->crowded)
        return !self->ended;
    return self->seeking || self->afresh || self->telling ||
           self->gone_at < self->gone_size || now.last != self->seen.last ||
           now.first != self->seen.first;
}


static bool
s_tell (follower_t *self, follower_kind_t kind, span_t line,
    follower_event_t *event)
{
    *event = (follower_event_t){.kind = kind, .position = self->position};
    location_reread (&event->location, line);
    event->client = event->location.client;
    return true;
}


static bool
s_tell_gone (follower_t *self, follower_event_t *event)
{
    if (self->gone_at == self->gone_size)
        return false;
    span_t rest = {self->gone + self->gone_at, self->gone_size - self->gone_at};
    *event = (follower_event_t){.kind = FOLLOWER_GONE,
        .position = self->position,
        .client = span_until (&rest, '\n')};
    self->gone_at += event->client.size + 1;
    return true;
}


static bool
s_tell_afresh (follower_t *self, follower_event_t *event)
{
    *event = (follower_event_t){.kind = FOLLOWER_AFRESH,
        .position = self->position,
        .inside = self->inside.count};
    self->afresh = false;
    self->telling = true;
    self->told = 0;
    return true;
}


//  Tell of the next who is inside, where it is now.  Who has left since is not
//  told of at all

static bool
s_tell_inside (follower_t *self, follower_event_t *event)
{
    uint64_t hash;
    self->telling = inside_next (&self->inside, &self->told, &hash);
    if (!self->telling)
        return false;
    table_walk_t walk = {.level = 16, .prefix = hash};
    while (table_step (self->crowd->table, &walk))
        if (walk.line.size)
            break;
    if (!walk.line.size)
        return false;
    s_tell (self, FOLLOWER_LOCATION, walk.line, event);
    if (area_has (&self->area, &event->location))
        return true;
    inside_remove (&self->inside, hash);
    return false;
}


//  Tell of a change, if it is one of the area

static bool
s_judge (follower_t *self, span_t line, follower_event_t *event)
{
    s_tell (self, FOLLOWER_LOCATION, line, event);
    bool is_inside = area_has (&self->area, &event->location);
    if (self->area.kind == AREA_ALL)
        return true;
    uint64_t hash = table_hash (self->crowd->table, event->client);
    if (!is_inside) {
        event->kind = FOLLOWER_LEAVE;
        return inside_remove (&self->inside, hash);
    }
    if (inside_add (&self->inside, hash))
        event->kind = FOLLOWER_ENTER;
    self->crowded = self->inside.count > self->inside_max;
    return true;
}


static bool
s_tell_change (follower_t *self, follower_event_t *event)
{
    table_record_t record;
    copy_position_t now = copy_everything (&self->copy);
    //  To look where there is nothing leads over the cursors of all others
    bool found = (self->position.last != now.last ||
                     self->position.first != now.first) &&
                 copy_peek (&self->copy, &record);
    if (found)
        copy_advance (&self->copy, &self->position);
    else
        self->seen = now;
    return found && s_judge (self, record.line, event);
}


static bool
s_step (follower_t *self, follower_event_t *event)
{
    if (self->gone_at < self->gone_size)
        return s_tell_gone (self, event);
    if (self->afresh)
        return s_tell_afresh (self, event);
    if (self->telling)
        return s_tell_inside (self, event);
    return s_tell_change (self, event);
}


bool
follower_next (follower_t *self, follower_event_t *event)
{
    if (self->seeking) {
        self->seeking = !copy_seek (&self->copy, self->position, STEPS);
        if (self->seeking)
            return false;
    }
    for (size_t looks = 0; looks < LOOKS && follower_has_next (self); looks++) {
        if (self->crowded) {
            *event = (follower_event_t){.kind = FOLLOWER_CROWDED,
                .position = self->position,
                .inside = self->inside.count};
            self->ended = true;
            return true;
        }
        if (s_step (self, event))
            return true;
    }
    return false;
}
