/*  =========================================================================
    ledger - the rules, checked at every step
    =========================================================================
*/

#include "sim/ledger.h"

#include "sim/sights.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BROKEN_SIZE_MAX 600

//  What a server holds of a client
typedef struct {
    const sight_t *sight;   //  NULL if nothing
    const sight_t *robbed;  //  It had this, which was taken behind its back
    uint64_t lsn;           //  Of its change; 0 = loaded
} entry_t;

typedef struct {
    bool alive;
    bool loading;
    uint64_t incarnation;
    uint64_t changes;  //  Of which the last was this
    size_t clients;
    entry_t *entries;  //  By the client's number
    size_t room;
    size_t *shown;  //  Clients whose entries have no number yet
    size_t shown_count;
} table_t;

//  An entry that is not in the log
#define NO_LSN UINT64_MAX

//  Not numbered yet: new, or in place of another
#define LSN_NEW (NO_LSN - 1)
#define LSN_CHANGED (NO_LSN - 2)

struct ledger_t {
    bool corrupted;
    unsigned servers;
    table_t *tables;
    sights_t *sights;
    bool *whole;  //  By claimant and other: it said that it has part of what
                  //  the other once loaded, and goes on from there
    const sight_t **promise;  //  By the client's number
    size_t promise_count;
    char broken [BROKEN_SIZE_MAX];
};


ledger_t *
ledger_new (unsigned servers, bool corrupted)
{
    ledger_t *self = calloc (1, sizeof (ledger_t));
    assert (self);
    self->corrupted = corrupted;
    self->servers = servers;
    self->tables = calloc (servers, sizeof (table_t));
    assert (self->tables);
    self->whole = calloc ((size_t) servers * servers, sizeof (bool));
    assert (self->whole);
    self->sights = sights_new ();
    return self;
}


static void
s_clear (table_t *table)
{
    free (table->entries);
    free (table->shown);
    *table = (table_t){.alive = false};
}


void
ledger_destroy (ledger_t **self_p)
{
    ledger_t *self = *self_p;
    if (self) {
        for (unsigned server = 0; server < self->servers; server++)
            s_clear (&self->tables [server]);
        sights_destroy (&self->sights);
        free (self->whole);
        free (self->promise);
        free (self->tables);
        free (self);
        *self_p = NULL;
    }
}


static void
s_break (ledger_t *self, const char *format, ...)
    __attribute__ ((format (printf, 2, 3)));

static void
s_break (ledger_t *self, const char *format, ...)
{
    if (self->broken [0])
        return;
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (self->broken, BROKEN_SIZE_MAX, format, arguments);
    va_end (arguments);
}


void
ledger_born (ledger_t *self, unsigned server, uint64_t incarnation)
{
    table_t *table = &self->tables [server];
    assert (!table->alive);
    s_clear (table);
    table->alive = table->loading = true;
    table->incarnation = incarnation;
    for (unsigned other = 0; other < self->servers; other++) {
        self->whole [(size_t) server * self->servers + other] = false;
        self->whole [(size_t) other * self->servers + server] = false;
    }
}


void
ledger_died (ledger_t *self, unsigned server)
{
    self->tables [server].alive = false;
}


void
ledger_said (ledger_t *self, span_t line)
{
    sight_t *sight = sights_see (self->sights, line);
    assert (sight);
    sight->said = true;
}


static entry_t
s_entry (const table_t *table, size_t client)
{
    return client < table->room ? table->entries [client]
                                : (entry_t){.sight = NULL};
}


//  Return the client's entry, to be changed

static entry_t *
s_open (table_t *table, size_t client)
{
    if (client >= table->room) {
        size_t room = client * 2 + 16;
        table->entries = realloc (table->entries, room * sizeof (entry_t));
        table->shown = realloc (table->shown, room * sizeof (size_t));
        assert (table->entries && table->shown);
        memset (table->entries + table->room, 0,
            (room - table->room) * sizeof (entry_t));
        table->room = room;
    }
    return &table->entries [client];
}


//  Enter a change of the table.  Its number follows from ledger_ends

static void
s_enter (table_t *table, const sight_t *sight)
{
    entry_t *entry = s_open (table, sight->client);
    if (entry->lsn != LSN_NEW && entry->lsn != LSN_CHANGED) {
        table->shown [table->shown_count++] = sight->client;
        entry->lsn = entry->sight ? LSN_CHANGED : LSN_NEW;
    }
    table->clients += !entry->sight;
    entry->sight = sight;
}


static bool
s_is_newer (const sight_t *one, const sight_t *other)
{
    return location_compare (&one->location, &other->location) ==
           LOCATION_NEWER;
}


void
ledger_holds (ledger_t *self, unsigned server, span_t client, span_t line)
{
    table_t *table = &self->tables [server];
    const sight_t *mine =
        s_entry (table, sights_client (self->sights, client)).sight;
    if (line.size == 0) {
        if (mine)
            s_break (self, "forgotten: server %u had %s", server, mine->line);
        return;
    }
    const sight_t *sight = sights_see (self->sights, line);
    if (!sight)
        s_break (self, "invented: server %u holds no AT line: %.*s", server,
            (int) line.size, line.data);
    else if (sight == mine)
        return;
    else if (!sight->said && !self->corrupted)
        s_break (self, "invented: server %u holds %s", server, sight->line);
    else if (mine && !s_is_newer (sight, mine))
        s_break (self, "forgotten: server %u had %s, now %s", server,
            mine->line, sight->line);
    else
        s_enter (table, sight);
}


//  Number what was shown, in its order; but new clients have no number if they
//  were loaded

static void
s_number (table_t *table, bool loaded)
{
    for (size_t at = 0; at < table->shown_count; at++) {
        entry_t *entry = &table->entries [table->shown [at]];
        bool counts = !loaded || entry->lsn == LSN_CHANGED;
        entry->lsn = counts ? ++table->changes : 0;
    }
    table->shown_count = 0;
}


void
ledger_ends (ledger_t *self, unsigned server, const server_status_t *status)
{
    table_t *table = &self->tables [server];
    //  One message loads new clients, or it does not
    s_number (table, table->loading &&
                         status->changes < table->changes + table->shown_count);
    //  Changed bytes may have made two lines of one client
    if (self->corrupted && status->changes > table->changes)
        table->changes = status->changes;
    if (table->changes != status->changes ||
        table->clients != status->clients_known)
        s_break (self,
            "uncounted: server %u shows %" PRIu64 " changes and %zu clients"
            " after %" PRIu64 " and %zu",
            server, status->changes, status->clients_known, table->changes,
            table->clients);
    if (status->loading && !table->loading)
        s_break (self, "reloading: server %u", server);
    table->loading = status->loading;
}


//  Remember the newest that was taken

static void
s_rob (entry_t *entry)
{
    if (entry->sight &&
        (!entry->robbed || s_is_newer (entry->sight, entry->robbed)))
        entry->robbed = entry->sight;
    entry->lsn = NO_LSN;
}


void
ledger_robbed (ledger_t *self, unsigned server, span_t client)
{
    table_t *table = &self->tables [server];
    entry_t *entry = s_open (table, sights_client (self->sights, client));
    s_rob (entry);
    table->clients -= entry->sight != NULL;
    entry->sight = NULL;
}


void
ledger_altered (ledger_t *self, unsigned server, span_t line)
{
    table_t *table = &self->tables [server];
    sight_t *sight = sights_see (self->sights, line);
    assert (sight);
    sight->said = true;
    entry_t *entry = s_open (table, sight->client);
    s_rob (entry);
    table->clients += !entry->sight;
    entry->sight = sight;
}


//  Return true if a server that claims to have had the location has it, or a
//  newer one, or was robbed

static bool
s_has (entry_t entry, const sight_t *sight)
{
    return entry.sight == sight ||
           (entry.sight && !s_is_newer (sight, entry.sight)) ||
           (entry.robbed && !s_is_newer (sight, entry.robbed));
}


//  The server says it has the other's log up to got.  What the other loaded is
//  claimed only by who began below the first change

static void
s_check_claim (ledger_t *self, unsigned from, unsigned to, uint64_t got)
{
    bool *whole = &self->whole [(size_t) from * self->servers + to];
    if (got < ATLAS_LSN_BASE)
        *whole = true;
    if (got < ATLAS_LSN_BASE)
        return;
    const table_t *mine = &self->tables [from];
    const table_t *other = &self->tables [to];
    for (size_t client = 0; client < other->room; client++) {
        entry_t entry = other->entries [client];
        if (!entry.sight || entry.lsn > got - ATLAS_LSN_BASE ||
            (entry.lsn == 0 && !*whole))
            continue;
        const sight_t *has = s_entry (mine, client).sight;
        if (!s_has (s_entry (mine, client), entry.sight))
            s_break (self,
                "pretended: server %u says it has the log of %u up to %" PRIu64
                ", but holds %s instead of %" PRIu64 ", %s",
                from, to, got, has ? has->line : "nothing", entry.lsn,
                entry.sight->line);
    }
}


void
ledger_sent (
    ledger_t *self, unsigned from, unsigned to, const message_t *message)
{
    if (message->kind == MESSAGE_STATE && !self->corrupted &&
        self->tables [to].alive &&
        message->receiver == self->tables [to].incarnation)
        s_check_claim (self, from, to, message->got);

    span_t body = message->body;
    if (message->kind != MESSAGE_BATCH && message->kind != MESSAGE_PUT)
        return;
    while (body.size) {
        sight_t *sight = sights_see (self->sights, span_until (&body, '\n'));
        if (sight)
            sight->copies++;
        else
            s_break (self, "invented: server %u sends no AT line", from);
    }
}


void
ledger_promise (ledger_t *self)
{
    free (self->promise);
    self->promise_count = sights_count (self->sights);
    self->promise = calloc (self->promise_count + 1, sizeof (sight_t *));
    assert (self->promise);
    for (unsigned server = 0; server < self->servers; server++) {
        const table_t *table = &self->tables [server];
        for (size_t client = 0; client < table->room && table->alive;
             client++) {
            const sight_t *sight = table->entries [client].sight;
            const sight_t *best = sight ? self->promise [client] : NULL;
            if (sight && (!best || location_compare (&sight->location,
                                       &best->location) == LOCATION_NEWER))
                self->promise [client] = sight;
        }
    }
}


//  Return true if the server holds all that was promised

static bool
s_is_kept (const ledger_t *self, const table_t *table)
{
    for (size_t client = 0; client < self->promise_count; client++) {
        const sight_t *promised = self->promise [client];
        const sight_t *sight = s_entry (table, client).sight;
        if (promised && (!sight || location_compare (&sight->location,
                                       &promised->location) == LOCATION_OLDER))
            return false;
    }
    return true;
}


bool
ledger_agrees (const ledger_t *self)
{
    const table_t *first = NULL;
    for (unsigned server = 0; server < self->servers; server++) {
        const table_t *table = &self->tables [server];
        if (!table->alive)
            continue;
        if (!first)
            first = table;
        if (!s_is_kept (self, table))
            return false;
        for (size_t client = 0; client < sights_count (self->sights); client++)
            if (s_entry (table, client).sight != s_entry (first, client).sight)
                return false;
    }
    return true;
}


uint64_t
ledger_copies (ledger_t *self, const char *line)
{
    const sight_t *sight = sights_see (self->sights, span_of (line));
    return sight ? sight->copies : 0;
}


const char *
ledger_broken (const ledger_t *self)
{
    return self->broken [0] ? self->broken : NULL;
}
