/*  =========================================================================
    table - the newest location of every client

    A map of maxima: putting the same locations into two tables, in any order
    and any number of times, leaves the two equal, and their digests too.

    Every change has a number, its lsn, counted up from TABLE_LSN_BASE by this
    table alone.  The records stand in the order of their lsn, each once: a log
    that never overflows, and a cursor in it is all that is kept for a peer.
    What was loaded in bulk is no change: it goes before the rest, counted down,
    and only who asks for all is sent it.
    =========================================================================
*/

#ifndef TABLE_TABLE_H
#define TABLE_TABLE_H

#include "base/key.h"
#include "table/digest.h"
#include "table/location.h"
#include "table/table_record.h"

#define TABLE_KEY_SIZE KEY_SIZE
#define TABLE_LSN_BASE 1000000000000  //  The lsn of one without changes
#define TABLE_PEERS_MAX 64            //  Each is a bit in a record's mask
#define TABLE_ABROAD 63               //  That of a stream of other regions
#define TABLE_DOOR (-1)               //  Put by a client here, not by a peer

typedef struct table_t table_t;

typedef enum {
    TABLE_STORED,   //  Newer than what we had: it has the next lsn
    TABLE_SAME,     //  We have just this
    TABLE_OLDER,    //  We have newer
    TABLE_EXPIRED,  //  Below the floor
    TABLE_FULL      //  Newer, but no memory is left for it
} table_result_t;

//  Make an empty table that takes no new clients beyond size_max bytes, and
//  never holds more than an eighth beyond.  Copies the key, of TABLE_KEY_SIZE
//  bytes, which makes hashes hard to guess.  Never returns NULL.  Or free it
//  and set *self_p to NULL.
table_t *
table_new (const unsigned char *key, size_t size_max);
void
table_destroy (table_t **self_p);

//  Keep where clients are, so that table/near can answer: it takes 16 bytes a
//  client, and a few for cells.  To be said before there are any.
void
table_keep_near (table_t *self);

//  Keep a copy of the location if it is newer than what we have of its client.
//  from is the peer who sent it, known to have it then, or TABLE_DOOR; at
//  the door a location of the same stamp and place counts as the same.
table_result_t
table_put (table_t *self, const location_t *location, int from);

//  The same in two steps, with work between them while the memory brings what
//  we have of the client: first prefetch that, which changes nothing and
//  returns the client's table_hash; then put its location with that hash.
uint64_t
table_prefetch (const table_t *self, span_t client);
table_result_t
table_put_hashed (table_t *self, const location_t *location, uint64_t hash);

//  Keep a copy like table_put; but a new client's location becomes no change.
table_result_t
table_load (table_t *self, const location_t *location, int from);

//  Keep a copy like table_load, of what we knew in an earlier life: nobody is
//  known to have it, and what is no change stays none when it is replaced.
table_result_t
table_restore (table_t *self, const location_t *location);

//  Return true and, unless it is NULL, the client's location, good until the
//  next put; or false.
bool
table_find (const table_t *self, span_t client, location_t *location);

//  Return the number of clients known.
size_t
table_count (const table_t *self);

//  Return the bytes held; and those of all AT lines, each with a line end.
size_t
table_size (const table_t *self);
uint64_t
table_lines_size (const table_t *self);

//  Return the digest over all records, good until the next change.
const digest_t *
table_digest (table_t *self);

//  Sum up a part of the digest anew, at each call the next: to be called about
//  once a second.  Returns how many sums were wrong: memory was altered.
size_t
table_scrub (table_t *self);

//  Put a thousand of those who moved into their cells, so that who asks who is
//  near hardly waits: to be called on each tick.
void
table_follow (table_t *self);

//  Look at the next record: return true, or false if there is none.  From level
//  4 on a walk sees the records of that part and those that stand among and
//  behind them, above that the whole table.
bool
table_step (const table_t *self, table_walk_t *walk);

//  Drop the client's location, if any.  Returns the cost in records looked at.
size_t
table_drop (table_t *self, span_t client);

//  Who is told of a client before it is dropped, with the hash that walks have
//  of it.
typedef void (table_dropped_fn) (void *context, span_t client, uint64_t hash);

//  Tell dropped of each client that is, if nobody is told; NULL = nobody.
void
table_tell_dropped (table_t *self, table_dropped_fn *dropped, void *context);

//  Return the hash that walks have of the client.
uint64_t
table_hash (const table_t *self, span_t client);

//  Take no location that was heard before the floor, POSIX seconds; or no new
//  clients beyond size_max, as in table_new; or expect that so many will come.
void
table_set_floor (table_t *self, int64_t floor);
int64_t
table_floor (const table_t *self);
void
table_set_size_max (table_t *self, size_t size_max);
void
table_expect (table_t *self, uint64_t clients);

#endif
