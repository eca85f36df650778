/*  =========================================================================
    ledger - the rules, checked at every step
    =========================================================================
*/

#include "sim/ledger.h"

#include <assert.h>
#include <czmq.h>
#include <stdarg.h>

#define BROKEN_SIZE_MAX 600

//  A location that was seen somewhere.  Each is kept once, so that equal
//  locations are equal pointers
typedef struct {
    location_t location;
    size_t client;    //  Number of its client
    bool said;        //  A client was told it
    uint64_t copies;  //
    char *line;       //
} seen_t;

typedef struct {
    const seen_t *seen;
    uint64_t lsn;
} entry_t;

typedef struct {
    bool alive;
    uint64_t incarnation;
    uint64_t lsn;
    size_t clients;
    entry_t *entries;  //  By the client's number
    size_t room;
} table_t;

struct ledger_t {
    bool corrupted;
    table_t *tables;
    unsigned servers;
    zhashx_t *seen;          //  By line
    zhashx_t *clients;       //  Number, by name
    const seen_t **promise;  //  By the client's number
    size_t promise_count;
    char broken [BROKEN_SIZE_MAX];
};


static void
s_destroy_seen (void **item_p)
{
    seen_t *seen = *item_p;
    free (seen->line);
    free (seen);
    *item_p = NULL;
}


static void
s_destroy_number (void **item_p)
{
    free (*item_p);
    *item_p = NULL;
}


ledger_t *
ledger_new (unsigned servers, bool corrupted)
{
    ledger_t *self = calloc (1, sizeof (ledger_t));
    assert (self);
    self->corrupted = corrupted;
    self->servers = servers;
    self->tables = calloc (servers, sizeof (table_t));
    assert (self->tables);
    self->seen = zhashx_new ();
    zhashx_set_destructor (self->seen, s_destroy_seen);
    self->clients = zhashx_new ();
    zhashx_set_destructor (self->clients, s_destroy_number);
    return self;
}


void
ledger_destroy (ledger_t **self_p)
{
    ledger_t *self = *self_p;
    if (self) {
        for (unsigned server = 0; server < self->servers; server++)
            free (self->tables [server].entries);
        zhashx_destroy (&self->seen);
        zhashx_destroy (&self->clients);
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


//  Return the number of the client

static size_t
s_client (ledger_t *self, span_t name)
{
    char *key = strndup (name.data, name.size);
    assert (key);
    size_t *number = zhashx_lookup (self->clients, key);
    if (!number) {
        number = malloc (sizeof (size_t));
        assert (number);
        *number = zhashx_size (self->clients);
        zhashx_insert (self->clients, key, number);
    }
    free (key);
    return *number;
}


//  Return what is known of the AT line, or NULL if it is none

static seen_t *
s_seen (ledger_t *self, span_t line)
{
    location_t location;
    if (!location_parse (&location, line))
        return NULL;
    char *key = strndup (line.data, line.size);
    assert (key);
    seen_t *seen = zhashx_lookup (self->seen, key);
    if (seen) {
        free (key);
        return seen;
    }
    seen = calloc (1, sizeof (seen_t));
    assert (seen);
    seen->client = s_client (self, location.client);
    seen->line = key;
    location_reread (&seen->location, (span_t){key, line.size});
    zhashx_insert (self->seen, key, seen);
    return seen;
}


void
ledger_born (ledger_t *self, unsigned server, uint64_t incarnation)
{
    table_t *table = &self->tables [server];
    assert (!table->alive);
    free (table->entries);
    *table = (table_t){.alive = true, .incarnation = incarnation};
}


void
ledger_died (ledger_t *self, unsigned server)
{
    self->tables [server].alive = false;
}


void
ledger_said (ledger_t *self, span_t line)
{
    seen_t *seen = s_seen (self, line);
    assert (seen);
    seen->said = true;
}


static entry_t
s_entry (const table_t *table, size_t client)
{
    return client < table->room ? table->entries [client] : (entry_t){NULL, 0};
}


//  Enter a change of the table

static void
s_enter (table_t *table, const seen_t *seen)
{
    if (seen->client >= table->room) {
        size_t room = seen->client * 2 + 16;
        table->entries = realloc (table->entries, room * sizeof (entry_t));
        assert (table->entries);
        memset (table->entries + table->room, 0,
            (room - table->room) * sizeof (entry_t));
        table->room = room;
    }
    table->clients += !table->entries [seen->client].seen;
    table->entries [seen->client] = (entry_t){seen, ++table->lsn};
}


void
ledger_holds (ledger_t *self, unsigned server, span_t client, span_t line)
{
    table_t *table = &self->tables [server];
    entry_t mine = s_entry (table, s_client (self, client));
    if (line.size == 0) {
        if (mine.seen)
            s_break (
                self, "forgotten: server %u had %s", server, mine.seen->line);
        return;
    }
    const seen_t *seen = s_seen (self, line);
    if (!seen)
        s_break (self, "invented: server %u holds no AT line: %.*s", server,
            (int) line.size, line.data);
    else if (seen == mine.seen)
        return;
    else if (!seen->said && !self->corrupted)
        s_break (self, "invented: server %u holds %s", server, seen->line);
    else if (mine.seen && location_compare (&seen->location,
                              &mine.seen->location) != LOCATION_NEWER)
        s_break (self, "forgotten: server %u had %s, now %s", server,
            mine.seen->line, seen->line);
    else
        s_enter (table, seen);
}


void
ledger_ends (ledger_t *self, unsigned server, uint64_t lsn, size_t clients)
{
    const table_t *table = &self->tables [server];
    if (table->lsn != lsn || table->clients != clients)
        s_break (self,
            "uncounted: server %u shows lsn %" PRIu64 " and %zu clients"
            " after %" PRIu64 " changes and %zu clients",
            server, lsn, clients, table->lsn, table->clients);
}


//  The server says it has the other's log up to got

static void
s_check_claim (ledger_t *self, unsigned from, unsigned to, uint64_t got)
{
    const table_t *mine = &self->tables [from];
    const table_t *other = &self->tables [to];
    for (size_t client = 0; client < other->room; client++) {
        entry_t entry = other->entries [client];
        if (!entry.seen || entry.lsn > got)
            continue;
        entry_t has = s_entry (mine, client);
        if (has.seen == entry.seen)
            continue;
        if (!has.seen || location_compare (&has.seen->location,
                             &entry.seen->location) == LOCATION_OLDER)
            s_break (self,
                "pretended: server %u says it has the log of %u up to %" PRIu64
                ", but holds %s instead of %" PRIu64 ", %s",
                from, to, got, has.seen ? has.seen->line : "nothing", entry.lsn,
                entry.seen->line);
    }
}


void
ledger_sent (
    ledger_t *self, unsigned from, unsigned to, const message_t *message)
{
    if (message->kind == MESSAGE_STATE && !self->corrupted &&
        self->tables [to].alive &&
        message->got_incarnation == self->tables [to].incarnation)
        s_check_claim (self, from, to, message->got);

    span_t body = message->body;
    while (body.size) {
        seen_t *seen = s_seen (self, span_until (&body, '\n'));
        if (seen)
            seen->copies++;
        else
            s_break (self, "invented: server %u sends no AT line", from);
    }
}


void
ledger_promise (ledger_t *self)
{
    free (self->promise);
    self->promise_count = zhashx_size (self->clients);
    self->promise = calloc (self->promise_count + 1, sizeof (seen_t *));
    assert (self->promise);
    for (unsigned server = 0; server < self->servers; server++) {
        const table_t *table = &self->tables [server];
        for (size_t client = 0; client < table->room && table->alive;
             client++) {
            const seen_t *seen = table->entries [client].seen;
            const seen_t *best = seen ? self->promise [client] : NULL;
            if (seen && (!best || location_compare (&seen->location,
                                      &best->location) == LOCATION_NEWER))
                self->promise [client] = seen;
        }
    }
}


//  Return true if the server holds all that was promised

static bool
s_is_kept (const ledger_t *self, const table_t *table)
{
    for (size_t client = 0; client < self->promise_count; client++) {
        const seen_t *promised = self->promise [client];
        const seen_t *seen = s_entry (table, client).seen;
        if (promised && (!seen || location_compare (&seen->location,
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
        for (size_t client = 0; client < zhashx_size (self->clients); client++)
            if (s_entry (table, client).seen != s_entry (first, client).seen)
                return false;
    }
    return true;
}


uint64_t
ledger_copies (ledger_t *self, const char *line)
{
    const seen_t *seen = zhashx_lookup (self->seen, line);
    return seen ? seen->copies : 0;
}


const char *
ledger_broken (const ledger_t *self)
{
    return self->broken [0] ? self->broken : NULL;
}
