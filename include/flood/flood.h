/*  =========================================================================
    flood - keeping the tables of peers equal

    Flood for speed: every peer is sent, in the order of our changes, what it is
    not known to have.  It acknowledges by telling in its next STATE how far it
    has our stream, and when a link comes back, the stream goes on from there.
    Nothing waits in a queue: a message is made when a link can take it.

    Digest for truth: when each has all that the other sent, the roots must be
    equal.  If they are not, an audit finds and mends what differs, and counts
    it.  A server that knows less than its peers is loading: one of them
    sends it the whole table, and nobody audits it meanwhile.

    This room gives each event to the room in charge, and makes the next message
    of each link.  Section 4.10 of docs/protocol.md, leaving, is here as well.
    =========================================================================
*/

#ifndef FLOOD_FLOOD_H
#define FLOOD_FLOOD_H

#include "core/refusals.h"
#include "flood/link_counts.h"
#include "table/table.h"
#include "wire/message.h"

//  A STATE goes to each peer at least so often.
#define FLOOD_BEAT_MS 1000

//  A peer not heard for so long, three beats, is down.
#define FLOOD_SILENCE_MS 3000

//  Room for what flood_mark and flood_next make.
#define FLOOD_MARK_SIZE_MAX 16384
#define FLOOD_ROOM (MESSAGE_SIZE_MAX)

typedef struct flood_t flood_t;

typedef struct {
    const char *name;          //  Our server's name, at most 64 bytes; copied
    uint64_t herd;             //  As in message_t
    uint64_t incarnation;      //  Of this process, random, not 0
    const char *const *peers;  //  Names, copied; NULL = the index is nobody's
    unsigned peer_count;       //  At most TABLE_PEERS_MAX
    unsigned hops;             //  To the server of the herd that is furthest;
                               //  0 = not known
    int64_t ttl_seconds;       //  Locations heard before are dropped; 0 = never
    int64_t clock_least_seconds;  //  No clock shows less than this POSIX time
    bool restoring;  //  EVENT_DISK_* will come: until the end we are loading
    bool no_audit;   //  Let differences be: for the simulator alone,
                     //  to show what the audit is for
} flood_options_t;

//  Make a flood over the table, which is borrowed, and changed by what peers
//  send.  Never returns NULL.
flood_t *
flood_new (const flood_options_t *options, table_t *table);

//  Let these options be so from now on.
void
flood_configure (flood_t *self, unsigned hops, int64_t ttl_seconds);

//  Free the flood and set *self_p to NULL.
void
flood_destroy (flood_t **self_p);

//  Take an EVENT_PEER_*, EVENT_DISK_*, EVENT_TICK or EVENT_STOP.  A message may
//  be anything, from anybody.  Notes go to the effects; a kind of nonsense is
//  noted once a minute at most.
void
flood_step (flood_t *self, const event_t *event, effects_t *effects);

//  Return the next message for the peer, made in the buffer of FLOOD_ROOM
//  bytes, or an empty span.  There is none before the first event, which brings
//  the time.  What is returned counts as sent.
span_t
flood_next (flood_t *self, unsigned peer, int64_t clock_ms, char *buffer,
    effects_t *effects);

//  Return true if there may be a message for the peer; false if it is none.
bool
flood_has_next (const flood_t *self, unsigned peer, int64_t clock_ms);

//  Return one more than the greatest index that a peer has, and the name
//  of the one that has this index, or NULL if none has.
unsigned
flood_peers (const flood_t *self);
const char *
flood_peer (const flood_t *self, unsigned peer);

//  Return what is known of the link, which there must be.
flood_link_t
flood_link (const flood_t *self, unsigned peer);

//  After EVENT_STOP: return true if each peer that is up has what we knew then.
bool
flood_is_passed_on (const flood_t *self);

//  Return when we hear what comes with the event: by our clock, or by herd time
//  if the two are far apart; not before the floor.
instant_t
flood_heard (const flood_t *self, const event_t *event);

//  Return true if our connections stand, and no peer speaks to this
//  process: another has our name.
bool
flood_is_twin (const flood_t *self);

//  Return false while our clock may be so wrong that no client may expire.
bool
flood_is_clock_sound (const flood_t *self);

//  As restore_mark, into a buffer of FLOOD_MARK_SIZE_MAX bytes.
size_t
flood_mark (const flood_t *self, char *buffer);

//  Return true if peers may know clients that we have not heard of yet.
bool
flood_is_loading (const flood_t *self);

//  Return the floor of expiry, POSIX seconds; 0 = nothing expired.
int64_t
flood_floor (const flood_t *self);

//  Return how old records were that peers' streams brought as news.
const durations_t *
flood_ages (const flood_t *self);

//  Return the sums of the digest that were not those of their records.
uint64_t
flood_wrong_sums (const flood_t *self);

//  Return how many messages were refused (of no known kind, another herd, a
//  stranger), and what they are, and the records refused.
uint64_t
flood_refused (const flood_t *self);
const refusals_t *
flood_refusals (const flood_t *self);

#endif
