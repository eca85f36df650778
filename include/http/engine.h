/*  =========================================================================
    engine - libmicrohttpd on the loop

    Without a thread of its own: its epoll descriptor is one more watcher.
    Connections are limited in number, and each request in time, however
    busily it trickles in.  So is what requests cost in one turn of the loop, if
    answer asks engine_puts_off.
    =========================================================================
*/

#ifndef HTTP_ENGINE_H
#define HTTP_ENGINE_H

#include "loop/poller.h"

#include <microhttpd.h>

typedef struct engine_t engine_t;

//  A request begins, to this URI as it was sent.  Returns what answer finds as
//  *request.
typedef void *(
    engine_begin_fn) (void *context, const char *uri, struct MHD_Connection *);

//  A request, as begin or answer made it, is over, answered or not.
typedef void (engine_end_fn) (void *context, void *request);

typedef struct {
    int listener;              //  A listening socket, which is taken over
    unsigned connection_max;   //  More have to wait
    unsigned per_address_max;  //  Of those of one address, as address_group
                               //  has it; 0 = no limit
    unsigned request_seconds;  //  From the opening of a connection, or the
                               //  beginning of a request, to its end
    unsigned idle_seconds;     //  From the end of a request to the next one
    MHD_AccessHandlerCallback answer;  //  As MHD_start_daemon has it
    engine_begin_fn *begin;            //  NULL = nobody wants to know
    engine_end_fn *end;                //
    void *context;                     //  Of all three
} engine_options_t;

//  Serve in the poller, which is borrowed.  Returns NULL, errno set, if the
//  system has no descriptors left.
engine_t *
engine_new (poller_t *poller, const engine_options_t *options);

//  Close all connections, free everything and set *self_p to NULL.  Suspended
//  requests have to be resumed before; those that were put off are answered,
//  and must not be put off again.
void
engine_destroy (engine_t **self_p);

//  To be called about once a second: closes connections whose time is over.
void
engine_tick (engine_t *self);

//  Accept no more connections.  Those there are end after their next reply.
void
engine_stop (engine_t *self);

//  Return true if a reply should end its connection: others wait for it.
bool
engine_is_full (const engine_t *self);

//  Return the number of connections.
unsigned
engine_connections (const engine_t *self);

//  Return how many were refused: one more than per_address_max.
uint64_t
engine_refused (const engine_t *self);

//  Let the connection's time end so many seconds from now.
void
engine_allow (
    engine_t *self, struct MHD_Connection *connection, unsigned seconds);

//  Have answer called no more for the request until it is resumed; its time
//  does not run meanwhile.
void
engine_suspend (engine_t *self, struct MHD_Connection *connection);

//  Have answer called again, at engine_turn.
void
engine_resume (engine_t *self, struct MHD_Connection *connection);

//  Go on with those that were resumed, if there are any: to be called at the
//  end of each turn of the loop, if anything is ever resumed.
void
engine_turn (engine_t *self);

//  To be called before a request is worked on.  Returns true if this turn has
//  spent its time on others: the request is suspended, and answer is called
//  again in a later turn.
bool
engine_puts_off (engine_t *self, struct MHD_Connection *connection);

#endif
