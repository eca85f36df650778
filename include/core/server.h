/*  =========================================================================
    server - one server's mind

    Takes events, one at a time, and says what is to be done.  Holds the table,
    floods it, answers clients' commands in their order, also while some wait
    for Places.  Touches nothing: no socket, clock, file or thread.
    =========================================================================
*/

#ifndef CORE_SERVER_H
#define CORE_SERVER_H

#include "core/event.h"
#include "core/server_status.h"
#include "flood/flood.h"
#include "region/trade.h"

//  Room for what server_mark writes.
#define SERVER_MARK_SIZE_MAX FLOOD_MARK_SIZE_MAX

//  So much of a line that is too long is copied into its answer.
#define SERVER_LONG_ECHO_SIZE 1024

typedef struct server_t server_t;

typedef struct {
    const char *name;             //  As span_is_name has it; copied
    const char *herd;             //  The herd's name; not kept
    const char *secret;           //  Keys the table with herd; not kept
    uint64_t incarnation;         //  Random, not 0
    const char *const *peers;     //  Names of the peers; copied
    unsigned peer_count;          //  At most TABLE_PEERS_MAX
    int64_t clock_least_seconds;  //  As in flood_options_t
    bool restoring;               //
    bool no_audit;                //
    bool near;                    //  Have the table keep where clients are

    //  What server_configure may change
    size_t table_size_max;   //  Bytes of locations
    unsigned waiting_max;    //  Replies a client may have waiting, at least 1
    size_t client_size_max;  //  Bytes of an ID that a client of ours may use;
                             //  0 = LOCATION_CLIENT_SIZE_MAX, which is most
    uint64_t new_clients_per_minute;  //  As in admission_new
    int64_t loading_wait_ms;          //  For which a question about a client
                                      //  not known waits while we load; 0 = not
    unsigned hops;                    //  As in flood_options_t
    int64_t ttl_seconds;              //
    trade_options_t gateway;          //  Its region is not changed; NULL = it
                                      //  is no gateway
} server_options_t;

//  Make a server's mind.  Never returns NULL.
server_t *
server_new (const server_options_t *options);

//  Let the options be so from now on, from table_size_max down; the others are
//  not looked at.  Who its peers are, events tell.
void
server_configure (server_t *self, const server_options_t *options);

//  Free it and set *self_p to NULL.
void
server_destroy (server_t **self_p);

//  Take an event, and queue what is to be done about it.
void
server_step (server_t *self, const event_t *event, effects_t *effects);

//  Return the next message for a peer, made in the buffer of FLOOD_ROOM bytes,
//  or an empty span if there is none now.  What is returned counts as sent, so
//  ask only when the peer's socket takes a message.  Notes go to effects.
span_t
server_next (server_t *self, unsigned peer, int64_t clock_ms, char *buffer,
    effects_t *effects);

//  Return true if there may be a message for the peer.
bool
server_has_next (const server_t *self, unsigned peer, int64_t clock_ms);

//  Return counters and state.
server_status_t
server_status (const server_t *self);

//  Return the bytes of replies that wait for Places, of one client or, for 0,
//  of all.
size_t
server_waiting_size (const server_t *self, uint64_t connection);

//  Return one more than the greatest index that a peer has, and the name of the
//  one that has this index, or NULL if none has.
unsigned
server_peers (const server_t *self);
const char *
server_peer (const server_t *self, unsigned peer);

//  Return what is known of the link to a peer, which there must be.
flood_link_t
server_link (const server_t *self, unsigned peer);

//  Write what a copy that lacks nothing is good for, as flood_mark does.
size_t
server_mark (const server_t *self, char *buffer);

//  Return the table, which the server owns, for copies of it; and for tests:
//  changing it behind the server's back is what the audit is for.
table_t *
server_table (server_t *self);

//  Return what it says to other regions and takes of them, which it owns; NULL
//  if it is no gateway.
trade_t *
server_trade (server_t *self);

#endif
