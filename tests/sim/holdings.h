/*  =========================================================================
    holdings - what one server holds, entered change by change

    A part of sim/ledger, which decides what may be entered.
    =========================================================================
*/

#ifndef SIM_HOLDINGS_H
#define SIM_HOLDINGS_H

#include "sim/sights.h"

//  What is held of a client.
typedef struct {
    const sight_t *sight;    //  NULL if nothing
    const sight_t *excused;  //  It need not be held: it was taken without its
                             //  holder's doing, or expired; NULL if nothing
    uint64_t lsn;            //  Of its change; 0 = loaded
    uint64_t loaded;         //  If so, the how manyeth
} entry_t;

//  All zero is a dead server's.
typedef struct {
    bool alive;
    bool loading;
    bool restores;     //  What it shows comes from its disk
    const char *name;  //  Borrowed
    uint64_t incarnation;
    uint64_t code;       //  Of that, in lists of whom others hear
    uint64_t retired;    //  The code of the one before
    uint64_t changes;    //  So many were numbered
    uint64_t loaded;     //  So many were not
    size_t clients;      //  Held
    int64_t expired;     //  What was heard before may be gone, POSIX seconds
    int64_t earliest;    //  Clock of its neighbourhood, POSIX seconds
    int64_t latest;      //
    entry_t *entries;    //  By the client's number
    size_t room;         //  Of entries and shown
    size_t *shown;       //  Clients whose entries have no number yet
    size_t shown_count;  //
} holdings_t;

//  Free what *self holds, and make it a dead server's.
void
holdings_clear (holdings_t *self);

//  Return what is held of the client.
entry_t
holdings_of (const holdings_t *self, size_t client);

//  The sight takes the place of what was held of its client.  Its number
//  follows from holdings_number.
void
holdings_enter (holdings_t *self, const sight_t *sight);

//  The server has made so many changes: number what was entered, in its order,
//  new clients only if that many changes need it.  While loading is not set
//  they need it always.
void
holdings_number (holdings_t *self, uint64_t changes);

//  The sight needs not be held.
void
holdings_excuse (holdings_t *self, const sight_t *sight);

//  Nothing of the client, or this sight, is held now, without a change.
void
holdings_rob (holdings_t *self, size_t client);
void
holdings_alter (holdings_t *self, const sight_t *sight);

#endif
