/*  =========================================================================
    ledger - the rules, checked at every step

    Knows what every server holds, as the servers themselves show it after each
    event, and what they tell each other, and notices

        forgotten   a table that goes back, or loses a client that has not
                    expired
        invented    a location that no server told a client
        uncounted   a change without a number in the log, or a number without
                    a change; but for new clients while a server loads, and
                    what it has from a disk of those that never changed
        pretended   a server that says it has all of another's but for what that
                    streams, and has not
        believed    a location heard long after what any clock around shows
        lost        calm came, the servers agree, but not on the newest of what
                    any of them held

    and counts how often each location travels.
    =========================================================================
*/

#ifndef SIM_LEDGER_H
#define SIM_LEDGER_H

#include "core/server.h"
#include "wire/message.h"

typedef struct ledger_t ledger_t;

//  Make the ledger of so many servers, all dead.  With messages corrupted on
//  their way only what one server does by itself is checked.  Never returns
//  NULL.
ledger_t *
ledger_new (unsigned servers, bool corrupted);

//  Free the ledger and set *self_p to NULL.
void
ledger_destroy (ledger_t **self_p);

//  The server starts, with an empty table; what it believed of others may be on
//  its disk.  Borrows the name.
void
ledger_born (ledger_t *self, unsigned server, const char *name,
    uint64_t incarnation, bool from_disk);

//  The server is dead.
void
ledger_died (ledger_t *self, unsigned server);

//  A client was told this AT line.
void
ledger_said (ledger_t *self, span_t line);

//  The clocks of the server and its peers show something from one time to
//  the other, POSIX seconds.
void
ledger_clocks (
    ledger_t *self, unsigned server, int64_t earliest, int64_t latest);

//  What the server shows of the last event comes from its disk.
void
ledger_restores (ledger_t *self, unsigned server);

//  The server heard this line of a peer.  If it is of the future it may be
//  refused.
void
ledger_heard (ledger_t *self, unsigned server, span_t line);

//  The server shows the AT line as what it holds of the client, or an empty
//  one.
void
ledger_holds (ledger_t *self, unsigned server, span_t client, span_t line);

//  What was heard before the floor, POSIX seconds, may be gone from the
//  server's table, as long as one of the clocks around it agrees: a server
//  whose own is wrong goes by the others.
void
ledger_expired (
    ledger_t *self, unsigned server, int64_t floor, int64_t ttl_seconds);

//  Return the AT line of a client that the server held and may be gone, or NULL
//  if there is none more.  *client is 0 at first.
const char *
ledger_next_expired (const ledger_t *self, unsigned server, size_t *client);

//  All that the last event changed at the server was shown, and it says this
//  of its table.
void
ledger_ends (ledger_t *self, unsigned server, const server_status_t *status);

//  Behind the server's back the client was taken out of its table, or what it
//  holds of it was made this AT line.
void
ledger_robbed (ledger_t *self, unsigned server, span_t client);
void
ledger_altered (ledger_t *self, unsigned server, span_t line);

//  A message between the two is lost on its way, though it counts as taken: if
//  it is of an audit, they cannot know what they lack.
void
ledger_blinded (ledger_t *self, unsigned one, unsigned other);

//  from has sent the message to `to`.
void
ledger_sent (
    ledger_t *self, unsigned from, unsigned to, const message_t *message);

//  From now on nothing that any server holds may get lost.
void
ledger_promise (ledger_t *self);

//  Return true if all servers alive hold the same, and what was promised.
bool
ledger_agrees (const ledger_t *self);

//  Return how often the AT line was sent from one server to another.
uint64_t
ledger_copies (ledger_t *self, const char *line);

//  Return the first rule broken, with what broke it, or NULL.
const char *
ledger_broken (const ledger_t *self);

#endif
