/*  =========================================================================
    link - one peer, as we know it, and what goes over its link

    Both streams, within the window, in turns with the audit.  Whether it is up
    is for flood/link_state.  Section 4.4 of docs/protocol.md.
    =========================================================================
*/

#ifndef FLOOD_LINK_H
#define FLOOD_LINK_H

#include "audit/audit.h"
#include "flood/flood.h"
#include "flood/hearsay.h"
#include "wire/herd_time.h"
#include "wire/stream.h"
#include "wire/window.h"

struct link_t {
    link_t *next;    //  Of the flood's
    unsigned index;  //  Of the peer, as events name it
    link_state_t state;
    flood_link_t seen;   //  Counted for status; flood_link adds the rest
    char *name;          //  Of the peer
    int64_t removed_ms;  //  When it was to end; 0 = it is not
    bool told;           //  Since then a STATE told the peer
    uint64_t removed_lsn, removed_tail;  //  Our newest then, and the peer's
    int64_t connected_ms, lost_ms;  //  When our connection was made, and broke
    int64_t down_ms;                //  When the link last went down
    int64_t heard_ms;               //  When the peer last spoke
    int64_t named_ms;        //  When it last spoke to this process of ours
    uint64_t named;          //  The process it spoke to last; 0 = to none
    uint64_t incarnation;    //  Of its process; 0 = never heard
    uint64_t retired;        //  Of the process before
    unsigned flags;          //  Of its last STATE
    uint64_t count;          //  Clients it knows
    uint64_t tail;           //  Of its stream
    uint64_t nobody;         //  As in message_t
    uint64_t loaded;         //  As in message_t
    bool sourced, draws;     //  It loads from somebody else; from us
    stream_t stream;         //  Ours and its own
    hearsay_t hearsay;       //  What each need not tell the other
    uint64_t stream_sent;    //  window.sent after it last went on
    window_t window;         //  Bytes on their way, both ways
    readings_t clock;        //  Of its clock
    int64_t clock_noted_ms;  //  When we last said that it differs
    int64_t ttl_noted_ms;    //  The same of its time to live
    uint64_t saved;          //  Process of which we had, in an earlier life,
    uint64_t saved_got, saved_loaded;  //  this much of the stream, and loaded
    uint64_t resume_to;                //  Its tail when we went on from there
    bool settled;            //  We have all it had, but for what it streams
    bool apart;              //  Roots differed after that, and still do
    bool drawing;            //  It sends us all it has: see flood/loading
    uint64_t drawn;          //  Records loaded from it
    uint64_t drawn_to;       //  Its tail when that began
    uint64_t loaded_before;  //  What it had loaded then, or when an audit began
    int64_t grown_ms;        //  When it last told of more clients
    audit_t *audit;          //
    uint64_t audit_sent;     //  window.sent after our last line of an audit
    uint64_t told_sent;      //  The same of the STATE that tells that the link
                             //  is up, or an audit over; UINT64_MAX = not yet
    bool audit_heard;        //  It said something of an audit that goes on
    bool nak_due;            //  To be said in the next STATE
    int64_t nak_ms;          //  When we last complained of a gap
    bool state_due;          //  At once
    int64_t state_ms;        //  When our last STATE was made
    bool audit_next;         //  It is the audit's turn, not the stream's
    uint64_t resync_from;    //  Our lsn when the resync began
    uint64_t resync_to;      //  At which it has caught up; 0 = it has
    uint64_t resync_records;       //  Sent since
    bool resync_noted;             //  There may be notes of it
    int64_t equal_ms;              //  When roots were equal, or an audit began
    int64_t audit_wait_ms;         //  Back-off: the next waits so long
    uint64_t audit_gap;            //  By how many clients counts differed then
    uint64_t repairs;              //  AT lines got by an audit that were news
    uint64_t audit_repairs;        //  The same when an audit began
    int64_t mark_ms;               //  When our newest was this lsn,
    uint64_t mark_lsn, mark_tail;  //  and the peer's that
    int64_t behind_ms;             //  So long both took to have what was before
    int64_t notes_ms;              //  Notes allowed were written up to here
    uint64_t notes_left_out;       //  Since the last one
    uint64_t repairs_noted;        //  Of repairs
    int64_t repaired_ms;           //  When the last one came
};

//  Make a link that was never up, to the peer at the index.  Returns NULL
//  if there is no memory for its place in the table.
link_t *
link_new (span_t name, table_t *table, unsigned index);

//  Free the link and set *self_p to NULL.  Its place in the table stays, for
//  which the table may be gone already, unless link_leave gave it back.
void
link_destroy (link_t **self_p);
void
link_leave (link_t *self);

//  The link is up: stream from what the peer got.  Or down: note why; NULL = it
//  was down before.  Of one that flaps most notes are left out, and counted.
void
link_rise (link_t *self, uint64_t got, int64_t clock_ms, effects_t *effects);
void
link_fall (link_t *self, const char *why, int64_t clock_ms, effects_t *effects);

//  Send our stream again from this lsn on: it was lost, or is loaded from 0.
void
link_rewind (link_t *self, uint64_t lsn, int64_t clock_ms, effects_t *effects);

//  The peer has our stream up to the lsn; if that stays, the rest is lost.
void
link_acknowledge (
    link_t *self, uint64_t lsn, int64_t clock_ms, effects_t *effects);

//  A message came: the peer is there; if it is to our process, so much arrived.
void
link_measure (const taking_t *taking);

//  Its stream went on: take notice, or complain of a gap, once a beat at most.
void
link_hear (const taking_t *taking);

//  Pass over changes that need not be sent, if it is up and no resync goes on.
void
link_pass (link_t *self);

//  Return true if stream or audit have something to say, and the line takes it.
bool
link_has_next (const link_t *self);

//  Write the next body, in turns of stream and audit, to the buffer.  Returns
//  its size, 0 if there is none, and its kind in *kind.
size_t
link_write (
    link_t *self, message_kind_t *kind, char *buffer, effects_t *effects);

//  So many bytes are sent.
void
link_sent (link_t *self, size_t size, int64_t clock_ms);

#endif
