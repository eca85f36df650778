/*  =========================================================================
    flood - keeping the atlases of neighbours equal

    Every neighbour is sent, in the order of our log, what changed and what it
    is not known to have.  A neighbour acknowledges by telling in its next
    STATE how far it has our log; when a link comes back, the stream goes on
    from there, and for a neighbour that started anew it starts anew.  Nothing
    waits in a queue: a message is made when a link can take it.
    =========================================================================
*/

#ifndef CORE_FLOOD_H
#define CORE_FLOOD_H

#include "core/atlas.h"
#include "core/event.h"
#include "core/message.h"

//  A STATE goes to each neighbour at least so often.
#define FLOOD_BEAT_MS 1000

//  A neighbour not heard for so long, three beats, is down.
#define FLOOD_SILENCE_MS 3000

//  Room for what flood_next makes.
#define FLOOD_ROOM (MESSAGE_SIZE_MAX)

typedef struct flood_t flood_t;

typedef struct {
    const char *name;          //  Our server's name, at most 64 bytes; copied
    uint64_t herd;             //  As in message_t
    uint64_t incarnation;      //  Of this process, random, not 0
    const char *const *peers;  //  Names of the neighbours; copied
    unsigned peer_count;       //  At most ATLAS_NEIGHBOURS_MAX
} flood_options_t;

//  What is known of one link.
typedef struct {
    const char *name;       //  Of the neighbour, owned by the flood
    bool up;                //  Both hear each other
    uint64_t behind;        //  Changes of ours not acknowledged
    uint64_t records_out;   //  AT lines sent
    uint64_t records_new;   //  AT lines got that were news
    uint64_t records_same;  //  AT lines got that we had
    uint64_t records_old;   //  AT lines got that we had newer
    uint64_t messages_out;  //  STATE and BATCH sent
    uint64_t messages_in;   //  STATE and BATCH got
    uint64_t naks;          //  Gaps seen in its stream
    uint64_t rewinds;       //  Times our stream went back
    uint64_t resumes;       //  Times the link came up
    uint64_t roots_differ;  //  Times roots differed with all sent
} flood_link_t;

//  Make a flood over the atlas, which is borrowed, and changed by what peers
//  send.  Never returns NULL.
flood_t *
flood_new (const flood_options_t *options, atlas_t *atlas);

//  Free the flood and set *self_p to NULL.
void
flood_destroy (flood_t **self_p);

//  Take a message, whatever it is and whoever sent it, at clock_ms.  Notes go
//  to the effects; a kind of nonsense is noted once a minute at most.
void
flood_receive (
    flood_t *self, span_t text, int64_t clock_ms, effects_t *effects);

//  Our connection to the neighbour was made.
void
flood_connected (flood_t *self, unsigned peer);

//  Our connection to the neighbour was lost.
void
flood_disconnected (
    flood_t *self, unsigned peer, int64_t clock_ms, effects_t *effects);

//  Time has passed: find neighbours that fell silent and streams that stall.
void
flood_tick (flood_t *self, int64_t clock_ms, effects_t *effects);

//  Tell the neighbours, from now on, that we are about to end.
void
flood_leave (flood_t *self);

//  Return the next message for the neighbour, made in the buffer of FLOOD_ROOM
//  bytes, or an empty span if there is none now.  What is returned counts as
//  sent.
span_t
flood_next (flood_t *self, unsigned peer, int64_t clock_ms, char *buffer,
    effects_t *effects);

//  Return true if there may be a message for the neighbour.
bool
flood_has_next (const flood_t *self, unsigned peer, int64_t clock_ms);

//  Return what is known of the link.
flood_link_t
flood_link (const flood_t *self, unsigned peer);

//  Return the messages refused: of no known kind, another herd, a stranger.
uint64_t
flood_refused (const flood_t *self);

#endif
