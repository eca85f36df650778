/*  =========================================================================
    stream - the changes of one server on their way to one peer

    A link has two: ours, of which we know how far it was sent and how far the
    peer has it, and the peer's, of which we know how far we have it.
    Every message of a stream names the position before and after it; so a loss
    shows as a gap.

    Section 4.4 of docs/protocol.md.
    =========================================================================
*/

#ifndef WIRE_STREAM_H
#define WIRE_STREAM_H

#include "table/table.h"

//  Part of the link's structure.
typedef struct {
    table_t *table;         //  Borrowed
    unsigned peer;          //  Its bit in a record's mask
    table_cursor_t cursor;  //  Behind what was sent, if it is placed
    bool placed;            //  The cursor is at position
    uint64_t fresh;         //  Our lsn when the peer started anew: masks
                            //  of records up to there tell nothing of it
    uint64_t position;      //  Our lsn up to which all was sent
    uint64_t previous;      //  Position after the last message
    uint64_t acked;         //  Our lsn that the peer says it has
    int64_t acked_ms;       //  When that last moved, or had nothing to
    uint64_t got;           //  Its lsn up to which we have its stream

    const char *const *names;  //  Of all peers, by their bits; borrowed
    uint64_t spared;           //  Those whose own lines it need not be sent
    uint64_t spared_from;      //  if they came after this lsn of ours,
    uint64_t spared_by;        //  by its message that ended with this byte
    uint64_t left_by;  //  The same of lines left out since previous; 0 = none
} stream_t;

//  Make *self the two streams between the table and a peer.  Another may
//  have had its bit before: what the mask of a record says that is there now
//  does not count.  Returns false if there is no memory.
bool
stream_init (stream_t *self, table_t *table, unsigned peer);

//  Free what *self holds of the table, which still is there.
void
stream_clear (stream_t *self);

//  The peer started anew: nothing is known of what it has, and what we
//  have of it is up to got.
void
stream_renew (stream_t *self, uint64_t got);

//  Let our stream go on behind the lsn, or behind all there is if that is
//  less.  The cursor moves there in stream_write, a part at a time.
void
stream_seek (stream_t *self, uint64_t lsn, int64_t clock_ms);

//  The peer has our stream up to the lsn.  That may be beyond what was
//  sent since we went back: then the stream goes on from there.
void
stream_acknowledge (stream_t *self, uint64_t lsn, int64_t clock_ms);

//  To be called on a tick.  Returns true if the peer did not acknowledge
//  anything for so long, though there is something.
bool
stream_is_stalled (stream_t *self, int64_t clock_ms, int64_t silence_ms);

//  Write AT lines, each with LF, of what changed and the peer is not
//  known to have, to the buffer: up to size_max bytes, but one line at least.
//  Looks at a bounded number of records.  Returns the size of the lines, which
//  may be 0, and adds their number to *records.
size_t
stream_write (stream_t *self, size_t size_max, char *buffer, uint64_t *records);

//  Pass over the changes that this would leave out before the first that it
//  would write.  After the stream went back that waits for the next write, so
//  that a peer that sends it back again and again causes no work.
void
stream_pass (stream_t *self);

//  Return true if there are changes that were not sent.
bool
stream_has_next (const stream_t *self);

//  A message of the peer's stream, from previous to last, was taken in.
//  Returns false if something is missing before it.
bool
stream_hear (stream_t *self, uint64_t previous, uint64_t last);

#endif
