/*  =========================================================================
    hearsay - lines that a peer need not be passed on

    Where many links are, most of what a server passes on its peers know: they
    have links to the server that a client told.  So a server tells its peers
    which others it hears well; and of these, where both do, asks to be spared
    the lines of such a server's own clients.  Those come from that server
    itself, over a stream that misses nothing, and so from one place only.  All
    other lines are passed on as ever.

    What a peer left out may be on its way from where it was to come.  Whoever
    has to stop asking, as that server is not heard well any more, goes back in
    the peer's stream to what it is sure of.

    Where a server hears fewer than three, there is nothing of this.

    Section 4.4.1 of docs/protocol.md.
    =========================================================================
*/

#ifndef FLOOD_HEARSAY_H
#define FLOOD_HEARSAY_H

#include "flood/link_state.h"
#include "wire/message.h"

//  Room for the codes of all peers, and twice that for both words of a STATE.
#define HEARSAY_CODES_SIZE 512
#define HEARSAY_SIZE (2 * HEARSAY_CODES_SIZE)

//  Beats for which it is remembered what we had of a stream.
#define HEARSAY_BEATS 32

//  Part of the link's structure.  Sets are of our peers, by their bits.
typedef struct {
    uint64_t code;      //  Of its process
    uint64_t hears;     //  Those that it hears well
    uint64_t asked;     //  Those whose lines it was asked to spare us
    uint64_t unasked;   //  window.sent before that last was less; UINT64_MAX =
                        //  it will be with the next STATE
    uint64_t tail;      //  Of its stream, when
    int64_t tail_ms;    //  this was
    int64_t proved_ms;  //  We have its stream as it was then
    int64_t well_ms;    //  Since when we hear it well; 0 = we do not
    int64_t lost_ms;    //  proved_ms of one that was asked for, and whose link
                        //  went down before the next STATE; INT64_MAX = none
    uint64_t had [HEARSAY_BEATS];    //  What we had of it, round and round, and
    int64_t had_ms [HEARSAY_BEATS];  //  when
    unsigned beats;                  //  So many were remembered; not 0
    uint64_t still_lsn, still_tail;  //  Our newest and the peer's, and since
    int64_t still_ms;                //  when that is so
} hearsay_t;

//  Make *self that of a link that was never up.
void
hearsay_init (hearsay_t *self);

//  The peer is met: link->incarnation is its process.
void
hearsay_meet (const flood_t *self, link_t *link);

//  The link went down.
void
hearsay_forget (flood_t *self, link_t *link);

//  Somebody said something that proves nothing of who has its name now: of
//  records that are here, it is not known any more from whom they came.
void
hearsay_doubt (flood_t *self);

//  To be called on every tick, and when a link went down: see whom we hear
//  well, and let peers know soon if that is less.
void
hearsay_check (flood_t *self, int64_t clock_ms);

//  Write the words of a STATE to the peer into the message, with codes in the
//  buffer of HEARSAY_SIZE bytes.  If they ask for less than before, what the
//  peer left out is missing now.
void
hearsay_tell (const flood_t *self, link_t *link, int64_t clock_ms,
    message_t *message, char *buffer);

//  A STATE came, from the peer's process to ours.
void
hearsay_hear (const taking_t *taking);

//  Return true if we have what the peer's stream had up to the message's
//  position, or others send it that we hear; false if the peer left out lines
//  of one that we do not hear any more.
bool
hearsay_allows (const taking_t *taking);

//  Return true if the peer wrote this before it could know what we asked last.
bool
hearsay_is_before (const taking_t *taking);

//  Return how far we have the peer's stream, whatever others do that we hear.
uint64_t
hearsay_sure (const flood_t *self, const link_t *link);

//  Return true if roots can be compared when streams have nothing to send:
//  nothing is on its way elsewhere either.
bool
hearsay_is_still (const link_t *link, int64_t clock_ms);

#endif
