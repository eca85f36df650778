/*  =========================================================================
    ledger - the rules, checked at every step
    =========================================================================
*/

#include "sim/ledger.h"

#include "base/base64num.h"
#include "base/key.h"
#include "sim/box.h"
#include "sim/holdings.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BROKEN_SIZE_MAX 600

//  What was heard so long after herd time is refused.  Clocks that are read
//  over a slow line seem to be so much behind
#define FUTURE_SECONDS 600
#define READING_SECONDS 10

//  What one server says that it has of another's
typedef struct {
    uint64_t loaded;  //  It began below the first change when the other had
                      //  loaded so many
    bool blind;       //  A message between the two was lost
    bool drawing;     //  It asked for all that is there
} claim_t;

struct ledger_t {
    bool corrupted;
    unsigned servers;
    holdings_t *tables;
    sights_t *sights;
    claim_t *claims;          //  By claimant and other
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
    self->tables = calloc (servers, sizeof (holdings_t));
    assert (self->tables);
    self->claims = calloc ((size_t) servers * servers, sizeof (claim_t));
    assert (self->claims);
    self->sights = sights_new ();
    return self;
}


void
ledger_destroy (ledger_t **self_p)
{
    ledger_t *self = *self_p;
    if (self) {
        for (unsigned server = 0; server < self->servers; server++)
            holdings_clear (&self->tables [server]);
        sights_destroy (&self->sights);
        free (self->claims);
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


static claim_t *
s_claim (const ledger_t *self, unsigned from, unsigned to)
{
    return &self->claims [(size_t) from * self->servers + to];
}


static uint64_t
s_code (uint64_t incarnation)
{
    unsigned char key [KEY_SIZE];
    char letters [BASE64NUM_SIZE_64];
    key_make (key, BOX_HERD, "");
    base64num_print (letters, incarnation, sizeof (letters));
    return key_hash (key, (span_t){letters, sizeof (letters)}) >> 16;
}


void
ledger_born (ledger_t *self, unsigned server, const char *name,
    uint64_t incarnation, bool from_disk)
{
    holdings_t *table = &self->tables [server];
    assert (!table->alive);
    uint64_t retired = table->code;
    holdings_clear (table);
    table->name = name;
    table->retired = retired;
    table->alive = table->loading = true;
    table->incarnation = incarnation;
    table->code = s_code (incarnation);
    for (unsigned other = 0; other < self->servers; other++) {
        claim_t *claim = s_claim (self, server, other);
        *claim = (claim_t){.blind = from_disk && claim->blind};
        *s_claim (self, other, server) = (claim_t){.blind = false};
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


void
ledger_clocks (
    ledger_t *self, unsigned server, int64_t earliest, int64_t latest)
{
    self->tables [server].earliest = earliest;
    self->tables [server].latest = latest;
}


void
ledger_restores (ledger_t *self, unsigned server)
{
    self->tables [server].restores = true;
}


static bool
s_is_future (const sight_t *sight, int64_t clock)
{
    return sight->location.heard.seconds > clock + FUTURE_SECONDS;
}


void
ledger_heard (ledger_t *self, unsigned server, span_t line)
{
    holdings_t *table = &self->tables [server];
    const sight_t *sight = sights_see (self->sights, line);
    if (sight && s_is_future (sight, table->earliest - READING_SECONDS))
        holdings_excuse (table, sight);
}


void
ledger_holds (ledger_t *self, unsigned server, span_t client, span_t line)
{
    holdings_t *table = &self->tables [server];
    const sight_t *mine =
        holdings_of (table, sights_client (self->sights, client)).sight;
    if (line.size == 0) {
        if (mine && mine->location.heard.seconds < table->expired)
            holdings_rob (table, mine->client);
        else if (mine)
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
    else if (s_is_future (sight, table->latest + READING_SECONDS))
        s_break (self, "believed: server %u holds %s", server, sight->line);
    else if (mine && !sight_is_newer (sight, mine))
        s_break (self, "forgotten: server %u had %s, now %s", server,
            mine->line, sight->line);
    else
        holdings_enter (table, sight);
}


void
ledger_expired (
    ledger_t *self, unsigned server, int64_t floor, int64_t ttl_seconds)
{
    holdings_t *table = &self->tables [server];
    int64_t most = table->latest - ttl_seconds;
    int64_t before = floor < most ? floor : most;
    if (table->expired < before)
        table->expired = before;
}


const char *
ledger_next_expired (const ledger_t *self, unsigned server, size_t *client)
{
    const holdings_t *table = &self->tables [server];
    while (*client < table->room) {
        const sight_t *sight = holdings_of (table, (*client)++).sight;
        if (sight && sight->location.heard.seconds < table->expired)
            return sight->line;
    }
    return NULL;
}


void
ledger_ends (ledger_t *self, unsigned server, const server_status_t *status)
{
    holdings_t *table = &self->tables [server];
    holdings_number (table, status->changes);
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
    table->loading = status->loading;
    table->restores = false;
}


void
ledger_robbed (ledger_t *self, unsigned server, span_t client)
{
    holdings_rob (&self->tables [server], sights_client (self->sights, client));
}


void
ledger_altered (ledger_t *self, unsigned server, span_t line)
{
    sight_t *sight = sights_see (self->sights, line);
    assert (sight);
    sight->said = true;
    holdings_alter (&self->tables [server], sight);
}


//  Return true if a server that claims to have had the location has it, or a
//  newer one, or is excused

static bool
s_has (entry_t entry, const sight_t *sight)
{
    return entry.sight == sight ||
           (entry.sight && !sight_is_newer (sight, entry.sight)) ||
           (entry.excused && !sight_is_newer (sight, entry.excused));
}


static bool
s_is_named (span_t codes, uint64_t code)
{
    char letters [BASE64NUM_SIZE_48];
    base64num_print (letters, code, sizeof (letters));
    for (; codes.size;
         codes.data += sizeof (letters), codes.size -= sizeof (letters))
        if (memcmp (codes.data, letters, sizeof (letters)) == 0)
            return true;
    return false;
}


//  Return true if the other need not send the location: it comes from the
//  server that was told, who has it, or had it in an earlier life

static bool
s_is_spared (const ledger_t *self, span_t codes, const sight_t *sight)
{
    for (unsigned server = 0; codes.size && server < self->servers; server++) {
        const holdings_t *table = &self->tables [server];
        if (table->name &&
            span_equal (sight->location.server, span_of (table->name)))
            return s_is_named (codes, table->retired) ||
                   (s_is_named (codes, table->code) &&
                       s_has (holdings_of (table, sight->client), sight));
    }
    return false;
}


//  Return what one server lacks of what another has, but for its changes after
//  got, for what it loaded after the one began, and for what it asked it not
//  to send; NULL if nothing

static const entry_t *
s_lacks (
    const ledger_t *self, unsigned from, unsigned to, const message_t *message)
{
    uint64_t got = message->got;
    const holdings_t *mine = &self->tables [from];
    const holdings_t *other = &self->tables [to];
    uint64_t loaded = s_claim (self, from, to)->loaded;
    for (size_t client = 0; client < other->room; client++) {
        const entry_t *entry = &other->entries [client];
        bool claimed = entry->lsn ? entry->lsn <= got - TABLE_LSN_BASE
                                  : entry->loaded <= loaded;
        if (entry->sight && claimed &&
            !s_has (holdings_of (mine, client), entry->sight) &&
            !s_is_spared (self, message->spare, entry->sight))
            return entry;
    }
    return NULL;
}


//  The server says that it has all of the other's, but for changes after got,
//  and what others send

static void
s_check_claim (
    ledger_t *self, unsigned from, unsigned to, const message_t *message)
{
    claim_t *claim = s_claim (self, from, to);
    const entry_t *entry = s_lacks (self, from, to, message);
    if (!entry)
        claim->blind = false;
    else if (!claim->blind) {
        const sight_t *has =
            holdings_of (&self->tables [from], entry->sight->client).sight;
        s_break (self,
            "pretended: server %u says it has the log of %u up to %" PRIu64
            ", but holds %s instead of %" PRIu64 ", %s",
            from, to, message->got, has ? has->line : "nothing", entry->lsn,
            entry->sight->line);
    }
}


//  Where a stream begins below the first change, it brings what was loaded by
//  then, too: it may be asked for more than once

static void
s_hear_claim (
    ledger_t *self, unsigned from, unsigned to, const message_t *message)
{
    claim_t *claim = s_claim (self, from, to);
    bool drawing = message->got < TABLE_LSN_BASE;
    if (drawing && !claim->drawing)
        claim->loaded = self->tables [to].loaded;
    claim->drawing = drawing;
    if (!drawing && message->flags & MESSAGE_SETTLED)
        s_check_claim (self, from, to, message);
}


void
ledger_blinded (ledger_t *self, unsigned one, unsigned other)
{
    s_claim (self, one, other)->blind = true;
    s_claim (self, other, one)->blind = true;
}


void
ledger_sent (
    ledger_t *self, unsigned from, unsigned to, const message_t *message)
{
    if (message->kind == MESSAGE_STATE && !self->corrupted &&
        self->tables [to].alive &&
        message->receiver == self->tables [to].incarnation)
        s_hear_claim (self, from, to, message);

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
        const holdings_t *table = &self->tables [server];
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
s_is_kept (const ledger_t *self, const holdings_t *table)
{
    for (size_t client = 0; client < self->promise_count; client++) {
        const sight_t *promised = self->promise [client];
        const sight_t *sight = holdings_of (table, client).sight;
        if (sight == promised)
            continue;
        if (promised && promised->location.heard.seconds < table->expired)
            continue;
        if (promised && (!sight || location_compare (&sight->location,
                                       &promised->location) == LOCATION_OLDER))
            return false;
    }
    return true;
}


bool
ledger_agrees (const ledger_t *self)
{
    const holdings_t *first = NULL;
    for (unsigned server = 0; server < self->servers; server++) {
        const holdings_t *table = &self->tables [server];
        if (!table->alive)
            continue;
        if (!first)
            first = table;
        if (!s_is_kept (self, table))
            return false;
        for (size_t client = 0; client < sights_count (self->sights); client++)
            if (holdings_of (table, client).sight !=
                holdings_of (first, client).sight)
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
