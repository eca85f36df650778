/*  =========================================================================
    post - the connection to NATS, and the threads that have it

    libnats has threads of its own, and its calls wait: for a lock that another
    thread has, or until the network takes what is written.  So the loop makes
    none.  What it sends goes by a mailbox to a thread that connects, publishes,
    and connects again when that fails.  What comes, also that the connection
    is there or lost, or that the server refuses what was sent, goes by another
    mailbox to the loop, which is woken by a descriptor.

    Each connection has a number, and subjects of its own for replies: what was
    on its way when it was lost does not come by the next.
    =========================================================================
*/

#ifndef GATEWAY_POST_H
#define GATEWAY_POST_H

#include "config/config.h"
#include "gateway/mailbox.h"
#include "loop/poller.h"

//  The longest that may come; what is longer comes empty.
#define POST_TEXT_SIZE_MAX 65536

typedef struct post_t post_t;

//  Connect, and go on until that succeeds.  NATS shows the name for us.
//  The section nats of config is copied, and its files are read.  Whatever
//  comes makes a turn of the loop.  Returns NULL, after one line on standard
//  error that names the key, if a file can't be used, or there is no thread.
post_t *
post_new (poller_t *poller, const config_t *config, const char *name);

//  End the connection and set *self_p to NULL.  Waits for the threads; no
//  longer than a few seconds.
void
post_destroy (post_t **self_p);

//  Return true if as much is not sent yet as should wait to be: who has much to
//  say looks before each location.
bool
post_has_room (post_t *self);

//  Send by the connection of this number, if it still is there; reply NULL =
//  there is none.  Never waits.
void
post_send (post_t *self, uint64_t connection, const char *subject,
    const char *reply, span_t text);

//  Return the next letter that came, for letter_destroy, or NULL.
letter_t *
post_receive (post_t *self);

#endif
