/*  =========================================================================
    network - hosts, clocks and connections, as libzmq and TCP make them

    All that is outside of a process.  Every link is two lines, one each way,
    and over each the sender makes a connection when both hosts run.  While a
    connection stands, its messages arrive in their order, unless the options'
    faults say otherwise; when it breaks they are lost, and the sender hears of
    it and connects again.  A paused host keeps its connections and reads
    nothing.  Time passes in network_next alone.
    =========================================================================
*/

#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include "base/span.h"
#include "sim/agenda.h"
#include "sim/chance.h"
#include "sim/options.h"

typedef struct network_t network_t;

typedef enum { HOST_DEAD, HOST_RUNNING, HOST_PAUSED } host_state_t;

//  Make a network of the options' servers, all dead, without links.  Borrows
//  the chance.  Never returns NULL.
network_t *
network_new (const world_options_t *options, chance_t *chance);

//  Free the network and set *self_p to NULL.
void
network_destroy (network_t **self_p);

//  Link two hosts, which must not be running or linked yet.
void
network_join (network_t *self, unsigned one, unsigned other);

//  Take the link out at the host's end: at once if it is dead, else when it has
//  parted from the peer; or put it in again.
void
network_unlink (network_t *self, unsigned host, unsigned peer);
void
network_part (network_t *self, unsigned host, unsigned peer);
void
network_link (network_t *self, unsigned host, unsigned peer);

//  Return true if the link is in at the host's end.
bool
network_is_linked (const network_t *self, unsigned host, unsigned peer);

//  Return how many peers the host has, linked or not.
unsigned
network_degree (const network_t *self, unsigned host);

//  Return the host that stands at the index among host's peers.
unsigned
network_peer (const network_t *self, unsigned host, unsigned peer);

//  Return the index of other among host's peers; they must be linked.
unsigned
network_index (const network_t *self, unsigned host, unsigned other);

//  Return the state of the host.
host_state_t
network_state (const network_t *self, unsigned host);

//  Start a dead host.  Its ticks come from now on, its connections soon.
void
network_start (network_t *self, unsigned host);

//  Kill a host: its connections break, what it had not read is lost.
void
network_kill (network_t *self, unsigned host);

//  Stop a running host, or let a paused one go on.  What arrived meanwhile
//  comes then: in order by connection, the connections mixed by chance.
void
network_pause (network_t *self, unsigned host);
void
network_resume (network_t *self, unsigned host);

//  Break the host's connection to the peer, until mended.
void
network_cut (network_t *self, unsigned host, unsigned peer);

//  Lose all the host sends to the peer, without a sign, until mended.
void
network_silence (network_t *self, unsigned host, unsigned peer);

//  End the peer's cut and silence.
void
network_mend (network_t *self, unsigned host, unsigned peer);

//  End the options' faults.
void
network_calm (network_t *self);

//  Return true if the host's connection to the peer takes a message.
bool
network_accepts (const network_t *self, unsigned host, unsigned peer);

//  Send a copy of the text, to the peer of that name.  The connection must
//  accept it.  Returns true if it will be lost though the connection stands.
bool
network_send (
    network_t *self, unsigned host, unsigned peer, span_t text, const char *to);

//  Let time pass until something happens at a running host, but not beyond
//  until_us.  Returns false if nothing does.  The text is good until the next
//  call.
bool
network_next (network_t *self, int64_t until_us, happening_t *happening);

//  Return the time since the start.
int64_t
network_now_us (const network_t *self);

#endif
