/*  =========================================================================
    link_state - the states of a link, and what moves it between them

    Section 4.6.1 of docs/protocol.md, as a table.  A state and an event that
    are not in it change nothing:

        event         in                   becomes  and then
        CONNECTED     LOST                 CALLING  GREET
                      all others           -        GREET
        DISCONNECTED  all                  LOST     FALL
        REMOVED       all                  LOST     FALL
        MET           LOST                 -        RENEW
                      all others           CALLING  RENEW
        NAMED         CALLING, REFUSED     UP       RISE
                      all others           -        HEED
        DEAF          UP, LEAVING          CALLING  FALL
                      all others           -        FALL
        SILENT        UP, LEAVING          CALLING  FALL
        OUSTED        UP, LEAVING          CALLING  FALL
        LEAVES        UP                   LEAVING  NOTHING
        STAYS         LEAVING              UP       NOTHING
        BARRED        CALLING              REFUSED  NOTHING
    =========================================================================
*/

#ifndef FLOOD_LINK_STATE_H
#define FLOOD_LINK_STATE_H

#include "core/event.h"

//  A link is up in UP and LEAVING.  In the other states it is down: all it
//  carries are STATEs.
typedef enum {
    LINK_LOST,     //  Our connection to the peer does not stand
    LINK_CALLING,  //  It does, and we wait for the peer to speak to us
    LINK_REFUSED,  //  As CALLING, but who speaks in its name is refused
    LINK_UP,       //  Each hears the other: streams and audits go both ways
    LINK_LEAVING,  //  As UP, but the peer is about to end
    LINK_STATES
} link_state_t;

typedef enum {
    LINK_CONNECTED,     //  Our connection was made
    LINK_DISCONNECTED,  //  It was lost
    LINK_REMOVED,       //  The link ends here
    LINK_MET,           //  A STATE of a process that we did not know
    LINK_NAMED,         //  A STATE to our process
    LINK_DEAF,          //  One that says that it does not hear us; or nothing
                        //  was said to our process for FLOOD_SILENCE_MS
    LINK_SILENT,        //  Nothing was heard for so long
    LINK_OUSTED,        //  As long it spoke to another process of our name
    LINK_LEAVES,        //  A STATE says that the peer is about to end
    LINK_STAYS,         //  A STATE does not say so
    LINK_BARRED,        //  A message in the peer's name was refused
    LINK_EVENTS
} link_event_t;

typedef enum {
    LINK_NOTHING,
    LINK_GREET,  //  Send a STATE at once
    LINK_RISE,   //  It is up: go on with our stream behind what the peer has
    LINK_HEED,   //  Go on from what it has, or go back there after a loss
    LINK_FALL,   //  Forget what audits said; note why, if it was up
    LINK_RENEW   //  The same, and forget all that the process before had
} link_action_t;

typedef struct {
    link_state_t next;
    link_action_t action;
} link_step_t;

//  See flood/flooding.
typedef struct flood_t flood_t;
typedef struct link_t link_t;
typedef struct taking_t taking_t;

//  Return true if streams and audits go over it: its state is UP or LEAVING.
bool
link_is_up (const link_t *self);

//  Return what the table has for this state and event.
link_step_t
link_state_step (link_state_t state, link_event_t event);

//  Something happened to the link: let it have its next state, and do what is
//  to be done.  For what a STATE tells, *taking has the message.
void
link_state_take (const taking_t *taking, link_event_t event);

//  Return true if the message is from the peer's process that we know to ours:
//  streams and audits are between these two.  One that was meant for another,
//  or comes from another, says nothing of what either has.
bool
link_state_is_ours (const taking_t *taking);

//  Return true if the message is of a second process of the peer's name.  The
//  first stays as long as it is heard.
bool
link_state_is_second (const taking_t *taking);

//  To be called on every tick: finds links that are silent; and whether we are
//  a second process ourselves, which we see from our connections standing and
//  nobody speaking to us.
void
link_state_tick (flood_t *self, const event_t *event, effects_t *effects);

#endif
