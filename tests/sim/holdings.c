/*  =========================================================================
    holdings - what one server holds, entered change by change
    =========================================================================
*/

#include "sim/holdings.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  An entry that is not in the log
#define NO_LSN UINT64_MAX

//  Not numbered yet: new, or in place of another
#define LSN_NEW (NO_LSN - 1)
#define LSN_CHANGED (NO_LSN - 2)


void
holdings_clear (holdings_t *self)
{
    free (self->entries);
    free (self->shown);
    *self = (holdings_t){.alive = false};
}


entry_t
holdings_of (const holdings_t *self, size_t client)
{
    return client < self->room ? self->entries [client]
                               : (entry_t){.sight = NULL};
}


//  Return the client's entry, to be changed

static entry_t *
s_open (holdings_t *self, size_t client)
{
    if (client >= self->room) {
        size_t room = client * 2 + 16;
        self->entries = realloc (self->entries, room * sizeof (entry_t));
        self->shown = realloc (self->shown, room * sizeof (size_t));
        assert (self->entries && self->shown);
        memset (self->entries + self->room, 0,
            (room - self->room) * sizeof (entry_t));
        self->room = room;
    }
    return &self->entries [client];
}


void
holdings_enter (holdings_t *self, const sight_t *sight)
{
    entry_t *entry = s_open (self, sight->client);
    if (entry->lsn != LSN_NEW && entry->lsn != LSN_CHANGED) {
        self->shown [self->shown_count++] = sight->client;
        bool changed = entry->sight && !(self->restores && entry->lsn == 0);
        entry->lsn = changed ? LSN_CHANGED : LSN_NEW;
    }
    self->clients += !entry->sight;
    entry->sight = sight;
}


//  One message loads new clients, or it does not

void
holdings_number (holdings_t *self, uint64_t changes)
{
    bool loaded =
        self->restores ||
        (self->loading && changes < self->changes + self->shown_count);
    for (size_t at = 0; at < self->shown_count; at++) {
        entry_t *entry = &self->entries [self->shown [at]];
        bool counts = !loaded || entry->lsn == LSN_CHANGED;
        entry->lsn = counts ? ++self->changes : 0;
        entry->loaded = counts ? 0 : ++self->loaded;
    }
    self->shown_count = 0;
}


//  The newest is remembered

static void
s_excuse (entry_t *entry, const sight_t *sight)
{
    if (!entry->excused || sight_is_newer (sight, entry->excused))
        entry->excused = sight;
}


void
holdings_excuse (holdings_t *self, const sight_t *sight)
{
    s_excuse (s_open (self, sight->client), sight);
}


static void
s_rob (entry_t *entry)
{
    if (entry->sight)
        s_excuse (entry, entry->sight);
    entry->lsn = NO_LSN;
}


void
holdings_rob (holdings_t *self, size_t client)
{
    entry_t *entry = s_open (self, client);
    s_rob (entry);
    self->clients -= entry->sight != NULL;
    entry->sight = NULL;
}


void
holdings_alter (holdings_t *self, const sight_t *sight)
{
    entry_t *entry = s_open (self, sight->client);
    s_rob (entry);
    self->clients += !entry->sight;
    entry->sight = sight;
}
