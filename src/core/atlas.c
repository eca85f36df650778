/*  =========================================================================
    atlas - the newest location of every client
    =========================================================================
*/

#include "core/atlas.h"

#include <assert.h>
#include <sodium/crypto_shorthash.h>
#include <stdlib.h>
#include <string.h>

#define DIGEST_DEPTH 4
#define BITS_LEAST 10

//  The table is at most 13/16 full
#define FULL_PARTS 13
#define ALL_PARTS 16

//  A reference and a tag
#define SLOT_SIZE (sizeof (arena_ref_t) + 1)

//  A link of the log.  Cursors and the log's end are links without a line, so
//  that nothing that happens to a record can lose a cursor
typedef struct {
    uint64_t lsn;
    uint64_t known;
    arena_ref_t previous;
    arena_ref_t next;
    uint32_t size;  //  Bytes of the line; 0 if it is no record
    char line [];
} node_t;

//  Open addressing: a record stands at or after the place that the top bits
//  of its hash name, so those of one leaf of the digest are neighbours here
struct atlas_t {
    unsigned char key [ATLAS_KEY_SIZE];
    size_t size_max;
    arena_t *arena;
    arena_ref_t *slots;  //  0 is free
    uint8_t *tags;       //  Low bits of the hash, to spare a look at the record
    unsigned bits;       //  There are 2^bits slots
    size_t count;
    uint64_t lsn;
    arena_ref_t end;  //  Before the first record and after the last
    digest_t *digest;
};


static uint64_t
s_hash (const atlas_t *self, span_t text)
{
    uint64_t hash;
    crypto_shorthash_siphash24 ((unsigned char *) &hash,
        (const unsigned char *) text.data, text.size, self->key);
    return hash;
}


static node_t *
s_node (const atlas_t *self, arena_ref_t ref)
{
    return arena_at (self->arena, ref);
}


static span_t
s_line (const node_t *node)
{
    return (span_t){node->line, node->size};
}


//  Return the client of an AT line: its fourth word

static span_t
s_client (span_t line)
{
    for (int word = 0; word < 3; word++)
        span_until (&line, ' ');
    return span_until (&line, ' ');
}


static void
s_unlink (const atlas_t *self, const node_t *node)
{
    s_node (self, node->previous)->next = node->next;
    s_node (self, node->next)->previous = node->previous;
}


static void
s_link_before (const atlas_t *self, arena_ref_t ref, arena_ref_t next)
{
    node_t *node = s_node (self, ref);
    node_t *after = s_node (self, next);
    node->previous = after->previous;
    node->next = next;
    s_node (self, after->previous)->next = ref;
    after->previous = ref;
}


static size_t
s_home (const atlas_t *self, uint64_t hash)
{
    return (size_t) (hash >> (64 - self->bits));
}


//  Return the slot of the client, or the free slot where it belongs

static size_t
s_slot (const atlas_t *self, span_t client, uint64_t hash)
{
    size_t mask = ((size_t) 1 << self->bits) - 1;
    size_t slot = s_home (self, hash);
    while (self->slots [slot]) {
        if (self->tags [slot] == (uint8_t) hash) {
            const node_t *node = s_node (self, self->slots [slot]);
            if (span_equal (s_client (s_line (node)), client))
                break;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}


static void
s_make_slots (atlas_t *self, unsigned bits)
{
    self->bits = bits;
    self->slots = calloc ((size_t) 1 << bits, sizeof (arena_ref_t));
    self->tags = calloc ((size_t) 1 << bits, 1);
    assert (self->slots && self->tags);
}


//  Double the slots.  Old ones are walked in order, so new ones are filled
//  nearly in order too

static void
s_grow (atlas_t *self)
{
    arena_ref_t *slots = self->slots;
    size_t size = (size_t) 1 << self->bits;
    free (self->tags);
    s_make_slots (self, self->bits + 1);
    for (size_t at = 0; at < size; at++)
        if (slots [at]) {
            span_t client = s_client (s_line (s_node (self, slots [at])));
            uint64_t hash = s_hash (self, client);
            size_t slot = s_slot (self, client, hash);
            self->slots [slot] = slots [at];
            self->tags [slot] = (uint8_t) hash;
        }
    free (slots);
}


atlas_t *
atlas_new (const unsigned char *key, size_t size_max)
{
    atlas_t *self = calloc (1, sizeof (atlas_t));
    assert (self);
    memcpy (self->key, key, ATLAS_KEY_SIZE);
    self->size_max = size_max;
    self->arena = arena_new ();
    self->digest = digest_new (DIGEST_DEPTH);
    s_make_slots (self, BITS_LEAST);
    self->end = arena_take (self->arena, sizeof (node_t));
    *s_node (self, self->end) =
        (node_t){.previous = self->end, .next = self->end};
    return self;
}


void
atlas_destroy (atlas_t **self_p)
{
    atlas_t *self = *self_p;
    if (self) {
        digest_destroy (&self->digest);
        arena_destroy (&self->arena);
        free (self->slots);
        free (self->tags);
        free (self);
        *self_p = NULL;
    }
}


//  Return true if a piece of so many bytes, and more beside it, can be had
//  within our limit

static bool
s_has_room (const atlas_t *self, size_t size, size_t more)
{
    return atlas_size (self) + arena_growth (self->arena, size) + more <=
           self->size_max;
}


//  Make a record for a new client's line and return it, or 0 if that would be
//  more than we may hold

static arena_ref_t
s_admit (atlas_t *self, span_t client, uint64_t hash, size_t size)
{
    size_t slots = (size_t) 1 << self->bits;
    bool crowded = (self->count + 1) * ALL_PARTS > slots * FULL_PARTS;
    if (!s_has_room (
            self, sizeof (node_t) + size, crowded ? slots * SLOT_SIZE : 0))
        return 0;
    if (crowded)
        s_grow (self);
    size_t slot = s_slot (self, client, hash);
    self->slots [slot] = arena_take (self->arena, sizeof (node_t) + size);
    self->tags [slot] = (uint8_t) hash;
    self->count++;
    return self->slots [slot];
}


//  Make room for the client's new line and return its record: in place if it
//  fits, else elsewhere, or 0 if that would be more than we may hold

static arena_ref_t
s_replace (atlas_t *self, size_t slot, uint64_t hash, size_t size)
{
    arena_ref_t ref = self->slots [slot];
    const node_t *node = s_node (self, ref);
    size_t room = sizeof (node_t) + node->size;
    bool fits = arena_same_room (room, sizeof (node_t) + size);
    if (!fits && !s_has_room (self, sizeof (node_t) + size, 0))
        return 0;
    digest_remove (self->digest, hash, s_hash (self, s_line (node)));
    s_unlink (self, node);
    if (!fits) {
        arena_give (self->arena, ref, room);
        ref = arena_take (self->arena, sizeof (node_t) + size);
        self->slots [slot] = ref;
    }
    return ref;
}


//  Compare with what we have of the client, which neighbour `from` shares if
//  it is the same

static atlas_result_t
s_judge (
    const atlas_t *self, arena_ref_t ref, const location_t *location, int from)
{
    node_t *node = s_node (self, ref);
    location_t mine;
    location_reread (&mine, s_line (node));
    if (from == ATLAS_DOOR && span_equal (mine.stamp, location->stamp) &&
        span_equal (mine.place, location->place))
        return ATLAS_SAME;
    switch (location_compare (location, &mine)) {
    case LOCATION_NEWER:
        return ATLAS_STORED;
    case LOCATION_SAME:
        if (from != ATLAS_DOOR)
            node->known |= (uint64_t) 1 << from;
        return ATLAS_SAME;
    default:
        return ATLAS_OLDER;
    }
}


atlas_result_t
atlas_put (atlas_t *self, const location_t *location, int from)
{
    assert (from >= ATLAS_DOOR && from < ATLAS_NEIGHBOURS_MAX);
    span_t line = location->line;
    uint64_t hash = s_hash (self, location->client);
    size_t slot = s_slot (self, location->client, hash);
    arena_ref_t ref = self->slots [slot];
    if (ref) {
        atlas_result_t result = s_judge (self, ref, location, from);
        if (result != ATLAS_STORED)
            return result;
        ref = s_replace (self, slot, hash, line.size);
    }
    else
        ref = s_admit (self, location->client, hash, line.size);
    if (!ref)
        return ATLAS_FULL;
    node_t *node = s_node (self, ref);
    node->lsn = ++self->lsn;
    node->known = from == ATLAS_DOOR ? 0 : (uint64_t) 1 << from;
    node->size = (uint32_t) line.size;
    memcpy (node->line, line.data, line.size);
    s_link_before (self, ref, self->end);
    digest_add (self->digest, hash, s_hash (self, line));
    return ATLAS_STORED;
}


bool
atlas_find (const atlas_t *self, span_t client, location_t *location)
{
    size_t slot = s_slot (self, client, s_hash (self, client));
    if (!self->slots [slot])
        return false;
    location_reread (location, s_line (s_node (self, self->slots [slot])));
    return true;
}


size_t
atlas_count (const atlas_t *self)
{
    return self->count;
}


uint64_t
atlas_lsn (const atlas_t *self)
{
    return self->lsn;
}


size_t
atlas_size (const atlas_t *self)
{
    size_t slots = (size_t) 1 << self->bits;
    return arena_used (self->arena) + slots * SLOT_SIZE;
}


const digest_t *
atlas_digest (const atlas_t *self)
{
    return self->digest;
}


atlas_cursor_t
atlas_cursor (atlas_t *self)
{
    arena_ref_t cursor = arena_take (self->arena, sizeof (node_t));
    *s_node (self, cursor) = (node_t){.lsn = 0};
    s_link_before (self, cursor, s_node (self, self->end)->next);
    return cursor;
}


//  Return the first record after the link, or the end

static arena_ref_t
s_record_after (const atlas_t *self, arena_ref_t ref)
{
    do
        ref = s_node (self, ref)->next;
    while (ref != self->end && s_node (self, ref)->size == 0);
    return ref;
}


bool
atlas_peek (const atlas_t *self, atlas_cursor_t cursor, atlas_record_t *record)
{
    arena_ref_t ref = s_record_after (self, cursor);
    const node_t *node = s_node (self, ref);
    *record = (atlas_record_t){s_line (node), node->lsn, node->known};
    return ref != self->end;
}


void
atlas_advance (atlas_t *self, atlas_cursor_t cursor)
{
    arena_ref_t ref = s_record_after (self, cursor);
    assert (ref != self->end);
    s_unlink (self, s_node (self, cursor));
    s_link_before (self, cursor, s_node (self, ref)->next);
}


void
atlas_seek (atlas_t *self, atlas_cursor_t cursor, uint64_t lsn)
{
    arena_ref_t next = s_node (self, cursor)->next;
    s_unlink (self, s_node (self, cursor));
    if (lsn == 0)
        next = s_node (self, self->end)->next;

    //  Links before the place have an lsn up to this one, those after it more;
    //  cursors, whose lsn is 0, may stand on either side
    while (next != self->end && s_node (self, next)->lsn <= lsn)
        next = s_node (self, next)->next;
    arena_ref_t before = s_node (self, next)->previous;
    while (before != self->end && (s_node (self, before)->size == 0 ||
                                      s_node (self, before)->lsn > lsn)) {
        next = before;
        before = s_node (self, before)->previous;
    }
    s_link_before (self, cursor, next);
}
