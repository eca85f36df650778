/*  =========================================================================
    mailbox - a bounded queue of letters between two threads

    One or more put, one takes.  Who puts into one that is full waits: so what
    libnats reads waits in the end in its server.  The loop does not, or it and
    a thread could wait for each other: it looks first if there is room.
    =========================================================================
*/

#ifndef GATEWAY_MAILBOX_H
#define GATEWAY_MAILBOX_H

#include "base/span.h"

typedef enum {
    LETTER_MESSAGE,    //  Subject, reply and text are a message's
    LETTER_CONNECTED,  //  Text = what replies' subjects are to have before ".",
                       //  subject = name of the server's process
    LETTER_DENIED,     //  The server refuses what we sent; text = why
    LETTER_LOST        //  The connection is lost, or was not made; text = why
} letter_kind_t;

//  Owned by who has it.
typedef struct letter_t letter_t;
struct letter_t {
    letter_t *next;  //  The mailbox's own
    letter_kind_t kind;
    uint64_t connection;  //  Its number
    int status;           //  Of a message that is one of the server's; 0 = none
    uint64_t pending;     //  Messages that a pull did not get, with a status
    const char *subject;
    const char *reply;  //  NULL = none
    span_t text;        //  With a NUL behind it
};

//  Make a letter of copies.  Never returns NULL.  Or free it and set *self_p to
//  NULL.
letter_t *
letter_new (letter_kind_t kind, uint64_t connection, const char *subject,
    const char *reply, span_t text);
void
letter_destroy (letter_t **self_p);

typedef struct mailbox_t mailbox_t;

//  Make a mailbox for letters of size_max bytes together, and one more; and for
//  what is added.  Never returns NULL.  Or free it with all that is in it and
//  set *self_p to NULL.
mailbox_t *
mailbox_new (size_t size_max);
void
mailbox_destroy (mailbox_t **self_p);

//  Return true if a letter can be put without waiting.
bool
mailbox_has_room (mailbox_t *self);

//  Put the letter, which is taken over, and wait for room, or add it without;
//  once the mailbox is closed it is freed instead.
void
mailbox_put (mailbox_t *self, letter_t **letter_p);
void
mailbox_add (mailbox_t *self, letter_t **letter_p);

//  Take the first letter, for letter_destroy.  If it is to be waited for, no
//  longer than until clock_ms is that, or mailbox_wake or mailbox_close is
//  called.  Returns NULL if there is none.
letter_t *
mailbox_take (mailbox_t *self);
letter_t *
mailbox_await (mailbox_t *self, int64_t until_ms);

//  Have who waits for a letter look around.
void
mailbox_wake (mailbox_t *self);

//  Nobody is to wait any more.
void
mailbox_close (mailbox_t *self);

#endif
