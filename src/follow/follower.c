/*  =========================================================================
    follower - one who is told where clients are, from now on
    =========================================================================
*/

#include "follow/follower.h"

#include "follow/followers.h"
#include "follow/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  Nobody is told of one of more
#define THINNED_MAX (UINT64_C (1) << 24)

struct follower_t {
    followers_t *crowd;
    area_t area;
    char *client;          //  The area's own
    uint64_t client_hash;  //
    area_scope_t scope;    //  Of it
    size_t inside_max;
    bool thins;        //  If more would be inside,
    uint64_t thinned;  //  it is told of one of so many
    copy_t copy;
    copy_position_t position;  //  What the copy has, or is to have
    copy_position_t seen;      //  When it lacked nothing
    bool seeking;              //  It is on its way there
    area_search_t search;      //  For who is inside
    bool missed;               //  The drops forgot who it has not looked at
    bool afresh;               //  It is to be told that it begins
    bool telling;              //  It is being told who is inside:
    size_t told;               //  up to this slot
    bool crowded;              //  There are too many,
    bool ended;                //  and it knows
    inside_t inside;
    size_t inside_size;  //  Bytes of it, as the crowd counts them
    uint64_t dropped;    //  Who was dropped up to this place is not inside
};


//  What the follower has inside may have got more room, or less

static void
s_account (follower_t *self)
{
    size_t size = inside_size (&self->inside);
    self->crowd->size += size - self->inside_size;
    self->inside_size = size;
}


//  Have no more inside than may be, and begin anew with those

static void
s_thin (follower_t *self)
{
    while (
        self->inside.count > self->inside_max && self->thinned < THINNED_MAX) {
        self->thinned *= 2;
        inside_thin (&self->inside, self->thinned);
    }
    self->afresh = true;
    self->telling = false;
}


//  Have one more inside, if it was not.  Returns true if so.  If the crowd has
//  too much, who needed more is one too many

static bool
s_enter (follower_t *self, uint64_t hash)
{
    size_t before = self->crowd->size;
    bool entered = inside_add (&self->inside, hash);
    if (self->thins && self->inside.count > self->inside_max)
        s_thin (self);
    s_account (self);
    if (self->inside.count > self->inside_max ||
        (self->crowd->size > before &&
            self->crowd->size > self->crowd->size_max))
        self->crowded = true;
    return entered;
}


static void
s_find (void *context, span_t client)
{
    follower_t *self = context;
    uint64_t hash = table_hash (self->crowd->table, client);
    if (!self->crowded && inside_is_sample (hash, self->thinned))
        s_enter (self, hash);
}


static void
s_find_more (follower_t *self)
{
    area_find (&self->area, self->crowd->table, &self->search, s_find, self);
    self->crowded |= self->search.looks > AREA_LOOKS_MAX;
}


//  Have who is inside now, and nothing to tell but that.  Who thins looks for
//  the rest in later turns: what changes until then it is told after that

static void
s_begin (follower_t *self)
{
    follower_skip (self);
    self->afresh = true;
    self->search.looks = AREA_LOOKS;
    size_t left = self->thins ? AREA_LOOKS : AREA_LOOKS_MAX;
    while (self->search.looks && self->search.looks <= left && !self->crowded) {
        left -= self->search.looks;
        s_find_more (self);
    }
    self->crowded |= self->search.looks && !self->thins;
}


//  The same of all, if that has to be thinned

static bool
s_has_grown (const follower_t *self)
{
    return self->thins && self->thinned < THINNED_MAX &&
           table_count (self->crowd->table) / self->thinned > self->inside_max;
}


static void
s_begin_all (follower_t *self)
{
    while (s_has_grown (self))
        self->thinned *= 2;
    self->afresh = self->thins;
    self->position = copy_nothing (&self->copy);
    self->seeking = true;
}


follower_t *
follower_new (followers_t *crowd, const area_t *area, size_t inside_max,
    bool thins, bool *full)
{
    copy_t copy;
    *full = !copy_init (&copy, crowd->table);
    if (*full)
        return NULL;
    follower_t *self = calloc (1, sizeof (follower_t));
    assert (self);
    self->crowd = crowd;
    self->copy = copy;
    self->area = *area;
    self->inside_max = inside_max;
    self->thins = thins;
    self->thinned = 1;
    self->client =
        strndup (area->client.size ? area->client.data : "", area->client.size);
    assert (self->client);
    self->area.client.data = self->client;
    self->client_hash = table_hash (crowd->table, self->area.client);
    area_prepare (&self->scope, &self->area);
    self->dropped = drops_end (crowd->drops);
    crowd->count++;
    crowd->areas += area->kind != AREA_ALL;
    if (area->kind == AREA_ALL)
        s_begin_all (self);
    else
        s_begin (self);
    *full = crowd->size > crowd->size_max;
    if (self->crowded)
        follower_destroy (&self);
    return self;
}


void
follower_destroy (follower_t **self_p)
{
    follower_t *self = *self_p;
    if (self) {
        self->crowd->count--;
        self->crowd->areas -= self->area.kind != AREA_ALL;
        copy_clear (&self->copy);
        inside_clear (&self->inside);
        s_account (self);
        free (self->client);
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
        self->afresh = false;
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


//  Is there anybody dropped whom it has not looked at?  Who follows all does
//  not

static bool
s_has_drops (const follower_t *self)
{
    return self->area.kind != AREA_ALL &&
           self->dropped != drops_end (self->crowd->drops);
}


bool
follower_has_next (const follower_t *self)
{
    copy_position_t now = copy_everything (&self->copy);
    if (self->crowded)
        return !self->ended;
    return self->seeking || self->search.looks || self->missed ||
           self->afresh || self->telling || s_has_drops (self) ||
           now.last != self->seen.last || now.first != self->seen.first;
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


//  The drops forgot some: see who is there of those inside, and begin anew.
//  Nobody is told of those who are not

static void
s_miss (follower_t *self)
{
    self->dropped = drops_end (self->crowd->drops);
    self->missed = true;
    self->afresh = self->telling = false;
    self->told = 0;
}


//  Look at the next who was dropped: tell of it, if it was told to be inside

static bool
s_tell_gone (follower_t *self, follower_event_t *event)
{
    uint64_t hash;
    span_t client;
    if (!drops_knows (self->crowd->drops, self->dropped)) {
        s_miss (self);
        return false;
    }
    if (!drops_next (self->crowd->drops, &self->dropped, &client, &hash))
        return false;
    size_t slot = inside_find (&self->inside, hash);
    bool told =
        !self->missed && !self->afresh && (!self->telling || slot < self->told);
    *event = (follower_event_t){
        .kind = FOLLOWER_GONE, .position = self->position, .client = client};
    return inside_remove (&self->inside, hash) && told;
}


static bool
s_tell_afresh (follower_t *self, follower_event_t *event)
{
    *event = (follower_event_t){.kind = FOLLOWER_AFRESH,
        .position = self->position,
        .inside = self->area.kind == AREA_ALL ? table_count (self->crowd->table)
                                              : self->inside.count,
        .thinned = self->thinned};
    self->afresh = false;
    self->telling = true;
    self->told = 0;
    return true;
}


//  Find where the client with this hash is, if that is inside.  Who is not has
//  left, or gone, before it was told of

static bool
s_tell_where (follower_t *self, uint64_t hash, follower_event_t *event)
{
    table_walk_t walk = {.level = 16, .prefix = hash};
    while (table_step (self->crowd->table, &walk))
        if (walk.line.size) {
            s_tell (self, FOLLOWER_LOCATION, walk.line, event);
            if (area_has (&self->area, &event->location))
                return true;
            break;
        }
    inside_remove (&self->inside, hash);
    return false;
}


//  Tell of the next who is inside, where it is now

static bool
s_tell_inside (follower_t *self, follower_event_t *event)
{
    uint64_t hash;
    self->telling = inside_next (&self->inside, &self->told, &hash);
    return self->telling && s_tell_where (self, hash, event);
}


static void
s_recover (follower_t *self)
{
    uint64_t hash;
    follower_event_t event;
    self->missed = inside_next (&self->inside, &self->told, &hash);
    if (self->missed)
        s_tell_where (self, hash, &event);
    else
        self->afresh = true;
}


//  Tell of a change, if it is one of the area

static bool
s_judge (
    follower_t *self, const table_record_t *record, follower_event_t *event)
{
    if (self->area.kind == AREA_ALL && !self->thins)
        return s_tell (self, FOLLOWER_LOCATION, record->line, event);
    const glance_t *glance = glances_at (self->crowd->glances, record);
    if (!inside_is_sample (glance->hash, self->thinned))
        return false;
    if (self->area.kind == AREA_ALL)
        return s_tell (self, FOLLOWER_LOCATION, record->line, event);
    bool is_inside = self->area.kind == AREA_CLIENT
                         ? glance->hash == self->client_hash
                         : area_covers (&self->scope, glance->place);
    if (!is_inside && !inside_remove (&self->inside, glance->hash))
        return false;
    s_tell (self, FOLLOWER_LOCATION, record->line, event);
    if (!is_inside)
        event->kind = FOLLOWER_LEAVE;
    else if (s_enter (self, glance->hash))
        event->kind = FOLLOWER_ENTER;
    return !self->afresh;
}


static bool
s_tell_change (follower_t *self, follower_event_t *event)
{
    table_record_t record;
    copy_position_t now = copy_everything (&self->copy);
    //  To look where there is nothing leads over the cursors of all others
    bool found = (self->position.last != now.last ||
                     self->position.first != now.first) &&
                 copy_take (&self->copy, &record, &self->position);
    if (!found)
        self->seen = now;
    return found && s_judge (self, &record, event);
}


static bool
s_step (follower_t *self, follower_event_t *event)
{
    if (s_has_drops (self))
        return s_tell_gone (self, event);
    if (self->missed) {
        s_recover (self);
        return false;
    }
    if (self->afresh)
        return s_tell_afresh (self, event);
    if (self->telling)
        return s_tell_inside (self, event);
    if (self->area.kind == AREA_ALL && s_has_grown (self)) {
        s_begin_all (self);
        return false;
    }
    return s_tell_change (self, event);
}


static void
s_tell_crowded (follower_t *self, follower_event_t *event)
{
    *event = (follower_event_t){.kind = FOLLOWER_CROWDED,
        .position = self->position,
        .inside = self->inside.count};
    self->ended = true;
    inside_clear (&self->inside);
    s_account (self);
}


bool
follower_next (follower_t *self, follower_event_t *event, size_t *looks)
{
    if (self->search.looks && !self->crowded) {
        s_find_more (self);
        *looks = 0;
    }
    else if (self->seeking) {
        self->seeking = !copy_seek (&self->copy, self->position, *looks);
        if (self->seeking)
            *looks = 0;
    }
    for (; *looks && follower_has_next (self); --*looks) {
        if (self->crowded) {
            s_tell_crowded (self, event);
            return true;
        }
        if (s_step (self, event))
            return true;
    }
    return false;
}
