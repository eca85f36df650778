/*  =========================================================================
    message - what servers say to each other

    The peers' door.  A message is readable text: one head line,

        ZHERD/2 herd sender incarnation receiver sent taken STATE previous more
                rest got count root floor flags name=value...
        ZHERD/2 herd sender incarnation receiver sent taken BATCH previous more
                rest got [left]
        ZHERD/2 herd sender incarnation receiver sent taken PUT

    and, after a BATCH or a PUT, AT lines; NODE, LEAF and WANT are like PUT,
    with lines of audit/audit.  incarnation and receiver name two processes:
    positions, counts of bytes and what one got of the other are theirs alone.
    last is more beyond previous, tail rest beyond last.  herd, those two and
    root are 11 letters of base/base64num, flags words joined by commas or "-",
    the others decimal.  Flags and names that are not known are passed over: so
    later versions may say more.

    Section 4.2 of docs/protocol.md.
    =========================================================================
*/

#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include "base/span.h"

#define MESSAGE_VERSION 2

//  A head line with its LF, whatever the numbers and names of at most 64 bytes.
#define MESSAGE_HEAD_SIZE_MAX 1792

//  A body is closed before it grows beyond this; every line is shorter.
#define MESSAGE_BODY_SIZE_MAX 65536

//  The longest message there can be: what a socket must accept.
#define MESSAGE_SIZE_MAX (MESSAGE_HEAD_SIZE_MAX + MESSAGE_BODY_SIZE_MAX)

typedef enum {
    MESSAGE_BAD,    //  Not one of ours, or broken
    MESSAGE_OTHER,  //  Of another version of the protocol
    MESSAGE_STATE,  //  Hello, acknowledgement, heartbeat and root in one
    MESSAGE_BATCH,  //  What changed in the sender's log from previous to last
    MESSAGE_NODE,   //  Sums of the sender's digest
    MESSAGE_LEAF,   //  Checks of the sender's records
    MESSAGE_WANT,   //  Checks of records that the sender lacks
    MESSAGE_PUT     //  Records, outside the stream
} message_kind_t;

//  Flags of a STATE.
enum {
    MESSAGE_NAK = 1,      //  Something of your stream is missing: rewind to got
    MESSAGE_LEAVING = 2,  //  I am about to end
    MESSAGE_LOADING = 4,  //  I have not caught up: audit me later
    MESSAGE_DEAF = 8,     //  I have not heard you for three beats
    MESSAGE_SWEEPING = 16,  //  My table is between two floors: audit me later
    MESSAGE_SETTLED = 32,   //  I have all you had, but for what you stream
    MESSAGE_AUDITING = 64   //  There is more to come of an audit between us
};

typedef struct {
    message_kind_t kind;
    uint64_t version;      //  MESSAGE_OTHER: the one it is of
    uint64_t herd;         //  Hash of the herd's name and key
    span_t sender;         //  Name of the server that speaks
    uint64_t incarnation;  //  Of the sender's process, chosen at random
    uint64_t receiver;     //  The receiver's incarnation, as far as the
                           //  sender knows; 0 = it does not
    uint64_t sent;         //  Bytes of messages sent to the receiver before
    uint64_t taken;        //  Of the receiver's bytes, those that arrived
    uint64_t previous;     //  STATE, BATCH: stream position before it
    uint64_t last;         //  STATE, BATCH: stream position after it
    uint64_t tail;         //  STATE, BATCH: the sender's newest lsn
    uint64_t got;          //  STATE, BATCH: the receiver's lsn that it has
    uint64_t left;         //  STATE, BATCH: lines of others are left out, as
                           //  asked by the receiver's byte before; 0 = none
    uint64_t count;        //  STATE: clients known to the sender
    uint64_t root;         //  STATE: root of its digest
    uint64_t floor;        //  STATE: oldest heard it keeps; 0 = all
    unsigned flags;        //  STATE: MESSAGE_NAK and so on
    uint64_t clock_ms;     //  STATE: its wall clock, POSIX; 0 = not said
    uint64_t ttl;          //  STATE: seconds after which it forgets; 0 = never
    uint64_t loaded;       //  STATE: records it loaded from others than us
    uint64_t nobody;       //  STATE: so many links around it nobody knows any
    span_t source;         //  STATE: whom it loads from; empty = nobody
    span_t hears;          //  STATE: codes of processes that it hears well
    span_t spare;          //  STATE: those whose lines it need not be sent
    span_t body;           //  Lines, each ended by LF; none in a STATE
} message_t;

//  Read a message.  Borrows the text for sender and body; AT lines are not
//  looked at.  Whatever the text is, *self is well defined: what is no message
//  of this protocol is MESSAGE_BAD, and one of another version is MESSAGE_OTHER
//  with nothing but its version.
void
message_parse (message_t *self, span_t text);

//  Return what of a message others may read, in a log: all from its numbers or
//  word on.  Who knew the herd's code and the processes' could speak as one of
//  them.  The message must be one of this protocol.
span_t
message_open (span_t text);

//  Write the head line, with LF, to the buffer of MESSAGE_HEAD_SIZE_MAX bytes.
//  Returns its size.
size_t
message_print (const message_t *self, char *buffer);

#endif
