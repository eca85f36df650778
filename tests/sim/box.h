/*  =========================================================================
    box - one server of the real core, and what a daemon does for it

    Keeps the server's clocks, hands it events, carries out its effects: notes
    go to the story, replies to who asked, and Places has nothing at once.
    =========================================================================
*/

#ifndef SIM_BOX_H
#define SIM_BOX_H

#include "core/server.h"
#include "sim/story.h"

//  Clocks that are right show this POSIX time at the start.
#define BOX_EPOCH_SECONDS 1479413884

typedef struct box_t box_t;

//  The herd of all boxes, which has no secret.
#define BOX_HERD "simulated"

//  Make a box without a server in it.  Copies the name, borrows the story.
//  boot_ms is its steady clock at the start, skew_ms what its wall clock is
//  wrong by.  Never returns NULL.
box_t *
box_new (const char *name, story_t *story, int64_t boot_ms, int64_t skew_ms);

//  Let servers that are started from now on be without audits, or forget
//  clients after a time, as in server_options_t.
void
box_configure (box_t *self, bool no_audit, int64_t ttl_seconds);

//  Let servers that are started from now on keep their table on a disk, which
//  outlives them, or not.
void
box_keep (box_t *self, bool keep);

//  Have listeners follow what servers that are started from now on know, which
//  keep who is near.
void
box_listen (box_t *self, uint64_t seed);

//  Have them read all there is.  Returns what is wrong then, as listener_judge
//  has it.
const char *
box_judge_listener (box_t *self);

//  To be called after each tick: listeners read some; what changed is kept now
//  and then; or, if the server is new, some of what was kept is read.  Returns
//  the AT lines that were read, good until the next call.
span_t
box_turn (box_t *self);

//  Free the box and set *self_p to NULL.
void
box_destroy (box_t **self_p);

//  Put a new server into the empty box: empty, but for what its disk has.
void
box_start (box_t *self, const char *const *peers, unsigned peer_count,
    uint64_t incarnation);

//  Return the peers whose links have ended since the last call, as bits.
uint64_t
box_parted (box_t *self);

//  Empty the box.
void
box_kill (box_t *self);

//  Return the server, or NULL if the box is empty.
const server_t *
box_server (const box_t *self);

//  Return the table of its server, to be changed behind its back.
table_t *
box_table (const box_t *self);

//  Return its name.
const char *
box_name (const box_t *self);

//  Set the clocks to so long after the start.
void
box_set_time (box_t *self, int64_t now_us);

//  Add to what the wall clock is wrong by.
void
box_skew (box_t *self, int64_t ms);

//  Return the wall clock.
instant_t
box_clock (const box_t *self);

//  Let the server take the event.  Its times are filled in.
void
box_step (box_t *self, event_t event);

//  Let servers that are started from now on be gateways.  Borrows the options,
//  and what they borrow.
void
box_open (box_t *self, const trade_options_t *options);

//  Let the server, a gateway, take a line that came under the subject,
//  REGION.TOKEN.
void
box_take (box_t *self, const char *subject, span_t line);

//  Return what the gateway says and takes.
trade_t *
box_trade (const box_t *self);

//  Return the server's next message for the peer, or an empty span.  It is
//  made in the buffer, of FLOOD_ROOM bytes.
span_t
box_next (box_t *self, unsigned peer, char *buffer);

//  Say the line on a new connection and return all that is replied.  It is
//  good until the next box_say or box_find.
const char *
box_say (box_t *self, const char *line);

//  Return the AT line the server holds of the client, or an empty span.  It is
//  good until the next box_say or box_find, and leaves no trace in the story.
span_t
box_find (box_t *self, span_t client);

#endif
