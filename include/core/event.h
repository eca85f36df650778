/*  =========================================================================
    event - what goes into the core and what comes out of it

    An event is what happened, and when; an effect is what the core wants done.
    An event's strings are good during a call, an effect's until effects_clear.
    =========================================================================
*/

#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "base/address.h"
#include "core/notice.h"
#include "page/answer.h"
#include "page/google_status.h"
#include "table/location.h"

typedef enum {
    EVENT_CONNECTION_OPENED,  //  text = its address
    EVENT_CONNECTION_LINE,    //  text = a line without its LF
    EVENT_CONNECTION_LONG,    //  text = the start of one that is too long
    EVENT_CONNECTION_ENDED,   //  It will send no more, but still reads
    EVENT_CONNECTION_CLOSED,  //  It is gone; text = why
    EVENT_CONNECTIONS_FULL,   //  One was refused: connections_max are open,
    EVENT_ADDRESS_FULL,       //  or connections_per_address from its address
    EVENT_PEER_ADDED,         //  peer: a link to text, or its old one again
    EVENT_PEER_REMOVED,       //  peer: its link is to end
    EVENT_PEER_UP,            //  peer: our connection to it is made
    EVENT_PEER_DOWN,          //  peer: our connection to it is lost
    EVENT_PEER_UNMET,         //  peer: our connection to it fails; text = why
    EVENT_PEER_MESSAGE,     //  text = a message from one who says he is a peer
    EVENT_CALLER_STRANGE,   //  address called as a peer and is none: refused
    EVENT_CALLER_UNMET,     //  address, or ::: its handshake failed; text = why
    EVENT_CALLER_UNKNOWN,   //  address; text = its key, in part: no peer's
    EVENT_CALLER_CROWDED,   //  A silent caller was cut, as there are too many
    EVENT_CALLER_ENDLESS,   //  A caller was cut that sends much and no message
    EVENT_PLACES_ANSWER,    //  request, answer; text = its body
    EVENT_PLACES_FAILED,    //  request, status; text = why, for the log
    EVENT_PLACES_ABSENT,    //  request: there is no provider; text = that
    EVENT_PLACES_SPENT,     //  request: our own budget is; text = that
    EVENT_PLACES_RATIONED,  //  request: address has had its share
    EVENT_DISK_BEGIN,       //  text = the last mark of our disk, which is read
    EVENT_DISK_RECORDS,     //  text = AT lines that our disk had, each with LF
    EVENT_DISK_MARK,        //  text = what was noted when it last had all
    EVENT_DISK_END,         //  There is no more on it
    EVENT_REGION_RECORD,    //  text = a line that speaker = REGION.TOKEN has
    EVENT_REGION_MET,       //  text = names of servers of speaker = REGION
    EVENT_NOTED,            //  notice; text = that, for the log alone
    EVENT_TICK,             //  Time has passed, CORE_TICK_MS about
    EVENT_STOP,             //  The server is to end: tell the peers
    EVENT_GIVE_UP           //  Time is up: answer all that still waits
} event_kind_t;

//  Connections that are one request each have numbers from here on.
#define EVENT_REQUESTS (UINT64_C (1) << 63)
#define CORE_TICK_MS 50  //  How often EVENT_TICK is to come

typedef struct {
    event_kind_t kind;
    instant_t now;           //  Wall clock, POSIX time
    int64_t clock_ms;        //  Clock that never steps
    uint64_t connection;     //  Its number, never used twice
    address_t address;       //  Whose line, connection or lookup it is
    uint64_t request;        //  The core's number for a lookup
    unsigned peer;           //  Index among the server's peers
    const char *speaker;     //  Of a message by its key; NULL = links are plain
    span_t text;             //  As said above
    const answer_t *answer;  //  Read in text; NULL = that is none
    google_status_t status;  //  For a failure; GOOGLE_NONE = unknown
    notice_t notice;         //  Of EVENT_NOTED
} event_t;

//  Who takes events.
typedef void (event_fn) (void *context, const event_t *event);

typedef enum {
    EFFECT_REPLY,    //  Send text to connection
    EFFECT_HOLD,     //  Read no more lines of connection until released
    EFFECT_RELEASE,  //  Read connection's lines again
    EFFECT_CLOSE,    //  Close connection once its replies are delivered
    EFFECT_FETCH,    //  Look up places around text = a place of ISO 6709
    EFFECT_NOTE,     //  Write text to the log
    EFFECT_HEARD,    //  The message is from text = a peer: it may be logged
    EFFECT_PARTED    //  The link to peer has ended: peer is nobody's
} effect_kind_t;

typedef struct {
    effect_kind_t kind;
    uint64_t connection;  //  Of the first five
    uint64_t request;     //  EFFECT_FETCH: to be named in the answer
    uint32_t radius_mm;   //  EFFECT_FETCH: 0 to 50,000,000
    address_t address;    //  EFFECT_FETCH: of who asks
    unsigned peer;        //  EFFECT_PARTED
    span_t text;          //  As said above; a reply has its line ends
    size_t open_size;     //  EFFECT_REPLY: bytes that are no provider's
    notice_t notice;      //  EFFECT_NOTE: its kind
    bool limited;         //  The same: of this kind few are logged
} effect_t;

typedef struct effects_t effects_t;

//  Make an empty queue, never NULL; or free it and set *self_p to NULL.
effects_t *
effects_new (void);
void
effects_destroy (effects_t **self_p);

//  Return room for so much text of the next effect; good until effects_add.
char *
effects_room (effects_t *self, size_t size);

//  Queue an effect with text_size bytes, written where effects_room said, as
//  its text.  Returns it for what else is to be filled in; good until the next.
effect_t *
effects_add (
    effects_t *self, effect_kind_t kind, uint64_t connection, size_t text_size);

//  Queue a note: a format of printf and its arguments, 512 bytes at most.  Of
//  one kind few are logged; effects_tell is for what is limited by itself.
void
effects_note (effects_t *self, notice_t notice, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));
void
effects_tell (effects_t *self, notice_t notice, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));

//  Queue that the message just taken is from this peer.
void
effects_heard (effects_t *self, const char *peer);

//  Return how many effects are queued, and the one at the index, from 0 in
//  order of effects_add, good until the next; or forget all.
size_t
effects_count (const effects_t *self);
const effect_t *
effects_at (const effects_t *self, size_t index);
void
effects_clear (effects_t *self);

#endif
