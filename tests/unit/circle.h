/*  =========================================================================
    circle - one flood, and four peers made by hand

    Holiday alone, with messages in the names of its peers, who hear each other
    well: for cases of who need not be passed on what.
    =========================================================================
*/

#ifndef TESTS_UNIT_CIRCLE_H
#define TESTS_UNIT_CIRCLE_H

#include "flood/flood.h"
#include "unit/spans.h"

#define BASE TABLE_LSN_BASE

//  Peers by index, and sets of them by bits
enum { ALFORD, BALL, HAMILTON, WELSH, PEERS };
#define BIT(peer) (UINT64_C (1) << (peer))
#define ALL (BIT (PEERS) - 1)

typedef struct {
    uint64_t sent;       //  Bytes that it said
    uint64_t taken;      //  What it has of ours
    uint64_t at;         //  Where its stream is
    uint64_t tail;       //  What it has, sent or not
    uint64_t loaded;     //  As in message_t, and not here
    uint64_t hears;      //  Peers
    uint64_t spare;      //  Those whose lines it asks to be spared
    bool lacks;          //  All of our stream
    bool loads;          //  Its table
    message_t told;      //  The last STATE that it was told, without spans
    uint64_t told_size;  //
    uint64_t heard;      //  Peers that we say we hear
    uint64_t spared;     //  Peers whose lines we ask to be spared
    uint64_t left;       //  The last it was told, other than 0
    size_t records;      //  Lines that it was sent
} circle_peer_t;

typedef struct {
    table_t *table;
    flood_t *flood;
    effects_t *effects;
    int64_t clock_ms;
    circle_peer_t peers [PEERS];
    char *buffer;
} circle_t;

//  Set up a case, and end it.
int
circle_setup (void **state);
int
circle_teardown (void **state);

//  The event comes, with the peer's name.
void
circle_happens (circle_t *self, event_kind_t kind, unsigned peer);
void
circle_tick (circle_t *self);

//  The peer says that its stream went from one position to the other, after
//  BASE; left is as in message_t.
void
circle_say_state (circle_t *self, unsigned peer, unsigned previous,
    unsigned last, uint64_t left);

//  A process of the peer's passes the line on, or its own if that is 0.
void
circle_say_line (
    circle_t *self, unsigned peer, uint64_t incarnation, const char *line);

//  Let the peer be told all there is.  It takes that at once, or not at all.
void
circle_tell (circle_t *self, unsigned peer, bool takes);

//  A beat passes for those peers, who have nothing new to say; or as many as it
//  takes until they are heard well.
void
circle_beat (circle_t *self, uint64_t peers);
void
circle_warm (circle_t *self, uint64_t peers);

#endif
