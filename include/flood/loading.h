/*  =========================================================================
    loading - filling a server that knows less than its peers

    A server that starts is loading: what it does not know others may know, so
    it does not say that nobody does.  One peer at a time is its source,
    and streams its whole table from the start.  Whoever has clients may be one,
    unless it has a source itself: then it is waited for.

    Loading is over when no peer that is up has more or loads from another,
    and each has been met, or was waited for in vain for a second.  Peers
    that are loading, too, are waited for as long, unless we have all of one who
    is not.  Where none of them knows anybody, each tells how far around it that
    is so; when that is the whole herd, all are done.

    It begins anew when a peer turns up that has much more than we do, of
    which streams would bring nothing.

    Section 4.6.2 of docs/protocol.md.
    =========================================================================
*/

#ifndef FLOOD_LOADING_H
#define FLOOD_LOADING_H

#include "flood/flooding.h"

//  A peer that does not answer is waited for so long.
#define LOADING_WAIT_MS 1000

//  A peer said something: it may become our source, or we may have all it
//  had.
void
loading_hear (const taking_t *taking);

//  Return true if who has so many clients has enough to be our source.
bool
loading_is_worth (const flood_t *self, uint64_t count);

//  Return true if records of this message are loaded: they are no changes.
bool
loading_is_bulk (const taking_t *taking);

//  One of these records is stored.
void
loading_count (const taking_t *taking);

//  The link came up, or went down.
void
loading_up (flood_t *self, link_t *link, int64_t clock_ms);
void
loading_down (flood_t *self, const link_t *link);

//  To be called on every tick, and when something was heard: ends what is over.
void
loading_check (flood_t *self, int64_t clock_ms, effects_t *effects);

//  Return how many links around us nobody knows any client, as far as was seen
//  when it was last checked.
uint64_t
loading_nobody (const flood_t *self);

#endif
