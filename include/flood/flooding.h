/*  =========================================================================
    flooding - what the rooms of flood/flood share

    flood/flood gives each event to one of them; what they know of the whole is
    in this one structure, and of each peer in its link.
    =========================================================================
*/

#ifndef FLOOD_FLOODING_H
#define FLOOD_FLOODING_H

#include "core/refusals.h"
#include "flood/link.h"
#include "table/expiry.h"

struct flood_t {
    flood_options_t options;  //  Without peers
    char *name;
    table_t *table;
    expiry_t *expiry;
    link_t *links;                       //  The first; the others follow
    link_t *by_index [TABLE_PEERS_MAX];  //  NULL = nobody's
    uint64_t sent;     //  Bytes to a peer whose link was removed, at most
    unsigned indices;  //  One more than the greatest that is somebody's
    const char *names [TABLE_PEERS_MAX];  //  Of peers
    uint64_t heard;  //  Peers that we hear well, by their bits
    refusals_t refusals;
    bool leaving;
    uint64_t leaving_lsn;   //  Our newest then
    int64_t start_ms;       //  When the first event came; INT64_MAX = not yet
    bool loading;           //  We may know less than others: see flood/loading
    link_t *source;         //  Who sends us its whole table, or NULL
    int64_t source_ms;      //  When we had all up to there; 0 = not yet
    uint64_t source_got;    //  What we had of it, and since when
    int64_t source_got_ms;  //
    uint64_t nobody;        //  As told to peers
    uint64_t loaded;        //  Records that came so, or from our disk
    link_t *resuming;       //  Whose stream goes on where we were, or NULL
    bool restoring;         //  Our disk is being read: see flood/restore
    uint64_t restored;      //  Records read
    uint64_t restored_bad;  //  Of these, that could not be kept
    int64_t restored_newest;  //  When the newest was heard, POSIX seconds
    int64_t restored_ms;      //  When all was read
    bool clock_sound;         //  Clients may expire
    bool unsound_noted;       //  We said that they don't
    link_t *audited;          //  With whom we go down the digests, or NULL
    int64_t audited_ms;       //  When that last moved
    int64_t own_ahead_ms;     //  Our clock is so far ahead of the steady one
    bool voted;               //  A majority said what herd time is; else it is
    int64_t herd_ahead_ms;   //  our clock's.  As own_ahead_ms, at the last tick
    int64_t wrong_noted_ms;  //  When we last said that this is much
    bool twin;               //  Another process has our name
    int64_t scrubbed_ms;     //  When the table last was, in part
    uint64_t wrong_sums;     //  Found by that
    durations_t ages;        //  As flood_ages has them
};

//  What is being taken: passed down, so that nobody needs to remember it.
struct taking_t {
    flood_t *flood;
    link_t *link;
    const message_t *message;  //  NULL if the event is none
    const event_t *event;
    effects_t *effects;
};

#endif
