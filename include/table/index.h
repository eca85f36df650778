/*  =========================================================================
    index - where a client's record stands

    Open addressing: a record stands at or after the slot that its client's
    hash names.  Those of one leaf of the digest are neighbours here, but leaves
    are scattered, so records may come in any order.  The hash is SipHash under
    the herd's key, so nobody can choose ids that collide.
    =========================================================================
*/

#ifndef TABLE_INDEX_H
#define TABLE_INDEX_H

#include "base/key.h"
#include "table/change_list.h"
#include "table/table_record.h"

#define INDEX_KEY_SIZE KEY_SIZE

//  Packed: one look into memory is enough.
typedef struct {
    arena_ref_t ref;  //  0 is free
    uint8_t tag;      //  Low bits of the hash, to spare a look
} __attribute__ ((packed)) slot_t;

//  Of a table outgrown, slots are moved from a free one on: who found its home
//  taken then stands behind those moved, never before them.
typedef struct {
    slot_t *slots;
    size_t room;   //  Slots there are
    size_t first;  //  Where moving began
    size_t moved;  //  Slots moved since; 0 in the present table
} index_table_t;

//  Part of the table's structure.
typedef struct {
    unsigned char key [INDEX_KEY_SIZE];
    const change_list_t *changes;  //  Where the records are; borrowed
    index_table_t table;
    index_table_t old;  //  What it has outgrown; no room if nothing is there
    size_t count;       //  Slots taken in both
} index_t;

//  Make *self empty.  Copies the key.
void
index_init (
    index_t *self, const unsigned char *key, const change_list_t *changes);

//  Free what *self holds.
void
index_clear (index_t *self);

//  Return the hash of a client or the check of a line.
uint64_t
index_hash (const index_t *self, span_t text);

//  Return the hash of the record's client.
uint64_t
index_hash_client (const index_t *self, const change_t *record);

//  Return the slot of the client, or a free one.  Good until the next
//  index_grow, index_take or index_free.
slot_t *
index_find (const index_t *self, span_t client, uint64_t hash);

//  Prefetch the record that a client of this hash most likely has.
void
index_prefetch (const index_t *self, uint64_t hash);

//  A table that has become full grows by half, but not at once: each call moves
//  some slots on.  To be called for each record that is put.
void
index_grow (index_t *self);

//  Return how many bytes index_size would grow by for one more client.
size_t
index_growth (const index_t *self);

//  Have room for so many clients, so that nothing has to be moved when they
//  come; or not, if there is no memory for it, or much to be moved now.
void
index_expect (index_t *self, size_t count);

//  Return true if one more client can be taken; false, and all is as it was, if
//  the table is full and there is no memory for a larger one.
bool
index_reserve (index_t *self);

//  Put a record, whose client is new, into the table, once index_reserve has
//  said that it can be taken.
void
index_take (index_t *self, uint64_t hash, arena_ref_t ref);

//  Free the slot of the client, who must be there.  Returns what that cost, in
//  records looked at.
size_t
index_free (index_t *self, span_t client, uint64_t hash);

//  Take the walk to the next record, as table_step does: seen is how many slots
//  it saw of a table, onward that this is the one outgrown.
bool
index_step (const index_t *self, table_walk_t *walk);

//  Return the bytes held, but for those given back as soon as all is moved.
size_t
index_size (const index_t *self);

#endif
