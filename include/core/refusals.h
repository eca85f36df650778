/*  =========================================================================
    refusals - what was refused, counted

    A peer's nonsense, or one client too many, costs a counter, and a line of
    the log a minute.
    =========================================================================
*/

#ifndef CORE_REFUSALS_H
#define CORE_REFUSALS_H

#include "core/event.h"

#define REFUSALS_NAME "refused"
#define REFUSALS_HELP "Refusals, by reason."

//  Why a message, or a line of it, is refused; or a client.  Each has the text
//  for a note.  /status and /metrics show one sum for what peers sent, of M and
//  X alike, and each of X by its key and label; the enum, the texts and what is
//  shown are all made of this list.
#define REFUSALS_LIST(M, X)                                                    \
    M (BAD, "a message that is none of this protocol")                         \
    M (VERSION, "a message of another version than ZHERD/2")                   \
    M (HERD, "a message of another herd")                                      \
    M (ECHO, "a message in our own name")                                      \
    M (STRANGER, "a message of a server we have no link to")                   \
    M (TWIN, "a message of a second server of one name")                       \
    M (RECORD, "a record that is no AT line")                                  \
    M (AUDIT, "a line that no audit has")                                      \
    X (SPEAKER, "refused_speaker", "speaker",                                  \
        "a message in another's name than its key's")                          \
    X (CLIENT, "refused_clients", "clients",                                   \
        "a connection: no room within connections_max")                        \
    X (ADDRESS, "refused_addresses", "address",                                \
        "a connection: one more than connections_per_address")                 \
    X (NEWCOMER, "refused_newcomers", "newcomers",                             \
        "a new client: one more than new_clients_per_minute")                  \
    X (FULL, "refused_full", "full", "a new location: the table is full")      \
    X (STRANGE, "refused_strange", "stranger",                                 \
        "a connection to the mesh: no peer has this address")                  \
    X (UNMET, "refused_unmet", "handshake", "a connection to the mesh:")       \
    X (UNKNOWN, "refused_unknown", "key",                                      \
        "a connection to the mesh: no peer has the key")                       \
    X (CROWDED, "refused_crowded", "crowded",                                  \
        "a connection to the mesh: too many, and it was silent")               \
    X (ENDLESS, "refused_endless", "endless",                                  \
        "a connection to the mesh: much came and no message")                  \
    X (LOOKUP, "refused_lookups", "lookups",                                   \
        "a lookup: one more than places/per_client_per_minute")                \
    X (FUTURE, "refused_future", "future",                                     \
        "a location that was heard in the future")                             \
    X (ORIGIN, "refused_origin", "origin",                                     \
        "a location of another region in the name of a server of this one")    \
    X (SUBJECT, "refused_subject", "subject",                                  \
        "a message of a stream under a subject that is not its own")

#define REFUSALS_ID(id, ...) REFUSED_##id,

typedef enum { REFUSALS_LIST (REFUSALS_ID, REFUSALS_ID) REFUSALS } refusal_t;

//  Part of the owner's structure; all zero is none.
typedef struct {
    uint64_t counts [REFUSALS];
    int64_t noted_ms [REFUSALS];  //  When each was last noted
} refusals_t;

//  What is noted of what is refused.
typedef struct {
    const char *peer;   //  Whose it says it is, if that is a peer; else NULL
    size_t size;        //  Its bytes
    address_t address;  //  As in event_t, if it is a client's; then no size is
    bool gone;          //  It left before its address was seen
    span_t detail;      //  What ends the reason, if that is not a text alone
    int64_t clock_ms;   //  When it came
} refused_t;

//  Count one.  Returns true if a note of it is to be written: a minute has
//  passed since the last of its kind.
bool
refusals_count (refusals_t *self, refusal_t why, int64_t clock_ms);

//  Count one, and note it if a minute has passed since the last of its kind.
//  A stranger's own words are not noted.
void
refusals_add (
    refusals_t *self, refusal_t why, const refused_t *what, effects_t *effects);

//  Return how many there were in all.
uint64_t
refusals_sum (const refusals_t *self);

#endif
