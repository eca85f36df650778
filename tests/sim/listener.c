/*  =========================================================================
    listener - who follows a server's table, and keeps what it is told
    =========================================================================
*/

#include "sim/listener.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  One turn in some is missed by who listens, one in many by who hung up
#define READS 3
#define HANGS_UP 20
#define RETURNS 10

//  Bounds of what is read in a turn
#define EVENTS_MAX 12
#define LOOKS_MAX 40
#define PLENTY ((size_t) 1 << 20)

//  Clients in simulated storms are from 0 to 90 degrees north
static const area_t s_all = {.kind = AREA_ALL};
static const area_t s_box = {.kind = AREA_BOX, .box = {-180, 30, 180, 60}};

typedef struct {
    char *client;
    char *line;  //  NULL = it is not there
} known_t;

typedef struct {
    const area_t *area;
    follower_t *follower;      //  NULL = it hung up
    copy_position_t position;  //  Of the last event
    bool has_position;         //  In this table
    known_t *known;
    size_t count;
} reader_t;

struct listener_t {
    chance_t chance;
    table_t *table;
    followers_t *crowd;
    reader_t readers [2];
};


listener_t *
listener_new (uint64_t seed)
{
    listener_t *self = calloc (1, sizeof (listener_t));
    assert (self);
    chance_seed (&self->chance, seed);
    self->readers [0].area = &s_all;
    self->readers [1].area = &s_box;
    return self;
}


static void
s_forget (reader_t *self)
{
    for (size_t at = 0; at < self->count; at++) {
        free (self->known [at].client);
        free (self->known [at].line);
    }
    free (self->known);
    self->known = NULL;
    self->count = 0;
}


void
listener_destroy (listener_t **self_p)
{
    listener_t *self = *self_p;
    if (self) {
        listener_end (self);
        s_forget (&self->readers [0]);
        s_forget (&self->readers [1]);
        free (self);
        *self_p = NULL;
    }
}


void
listener_end (listener_t *self)
{
    for (size_t at = 0; at < 2; at++) {
        follower_destroy (&self->readers [at].follower);
        self->readers [at].has_position = false;
    }
    followers_destroy (&self->crowd);
    self->table = NULL;
}


//  What it had a position of it goes on with

static void
s_follow (listener_t *self, reader_t *reader)
{
    bool full;
    reader->follower =
        follower_new (self->crowd, reader->area, PLENTY, false, &full);
    assert (reader->follower);
    if (reader->has_position && reader->area->kind == AREA_ALL) {
        bool resumed = follower_resume (reader->follower, reader->position);
        assert (resumed);
    }
}


void
listener_begin (listener_t *self, table_t *table)
{
    assert (!self->table);
    self->table = table;
    self->crowd = followers_new (table, SIZE_MAX);
    for (size_t at = 0; at < 2; at++)
        s_follow (self, &self->readers [at]);
}


static known_t *
s_find (reader_t *self, span_t client)
{
    for (size_t at = 0; at < self->count; at++)
        if (span_equal (span_of (self->known [at].client), client))
            return &self->known [at];
    return NULL;
}


static void
s_keep (reader_t *self, const follower_event_t *event)
{
    self->position = event->position;
    self->has_position = true;
    if (event->kind == FOLLOWER_AFRESH) {
        s_forget (self);
        return;
    }
    known_t *known = s_find (self, event->client);
    if (!known) {
        self->known =
            realloc (self->known, (self->count + 1) * sizeof (known_t));
        assert (self->known);
        known = &self->known [self->count++];
        *known = (known_t){
            .client = strndup (event->client.data, event->client.size)};
        assert (known->client);
    }
    free (known->line);
    known->line = NULL;
    if (event->kind == FOLLOWER_LOCATION || event->kind == FOLLOWER_ENTER)
        known->line =
            strndup (event->location.line.data, event->location.line.size);
}


static void
s_read (reader_t *self, size_t events, size_t looks)
{
    follower_event_t event;
    while (events-- && follower_next (self->follower, &event, &looks))
        s_keep (self, &event);
}


void
listener_turn (listener_t *self)
{
    for (size_t at = 0; self->table && at < 2; at++) {
        reader_t *reader = &self->readers [at];
        if (!reader->follower) {
            if (chance_below (&self->chance, RETURNS) == 0)
                s_follow (self, reader);
        }
        else if (chance_below (&self->chance, HANGS_UP) == 0)
            follower_destroy (&reader->follower);
        else if (chance_below (&self->chance, READS))
            s_read (reader, chance_below (&self->chance, EVENTS_MAX),
                chance_below (&self->chance, LOOKS_MAX));
    }
}


//  Return what is wrong with what it knows of the record's client

static const char *
s_judge_record (reader_t *self, span_t line)
{
    location_t location;
    location_reread (&location, line);
    const known_t *known = s_find (self, location.client);
    bool is_known = known && known->line;
    if (!area_has (self->area, &location))
        return is_known ? "has one in its box who is not" : NULL;
    if (!is_known || !span_equal (span_of (known->line), line))
        return "has not the newest of a client";
    return NULL;
}


//  Of all clients it is told no expiry

static const char *
s_judge_rest (reader_t *self, const table_t *table)
{
    for (size_t at = 0; self->area->kind != AREA_ALL && at < self->count; at++)
        if (self->known [at].line &&
            !table_find (table, span_of (self->known [at].client), NULL))
            return "has one in its box who is gone";
    return NULL;
}


const char *
listener_judge (listener_t *self)
{
    const char *wrong = NULL;
    for (size_t at = 0; self->table && !wrong && at < 2; at++) {
        reader_t *reader = &self->readers [at];
        if (!reader->follower)
            s_follow (self, reader);
        while (follower_has_next (reader->follower))
            s_read (reader, PLENTY, PLENTY);
        table_walk_t walk = {.level = 0};
        while (!wrong && table_step (self->table, &walk))
            if (walk.line.size)
                wrong = s_judge_record (reader, walk.line);
        if (!wrong)
            wrong = s_judge_rest (reader, self->table);
    }
    return wrong;
}
