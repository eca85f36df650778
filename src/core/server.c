/*  =========================================================================
    server - one server's mind
    =========================================================================
*/

#include "core/server.h"

#include "base/key.h"
#include "command/command.h"
#include "command/admission.h"
#include "command/questions.h"
#include "command/rejection.h"
#include "command/sessions.h"
#include "command/verdict.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct server_t {
    char *name;
    table_t *table;
    flood_t *flood;
    trade_t *trade;  //  NULL = it is no gateway
    sessions_t *sessions;
    size_t client_size_max;
    admission_t *admission;
    questions_t *questions;
    int64_t loading_wait_ms;
    uint64_t requests;       //  Number of the last lookup
    server_status_t status;  //  Its counters
};


static void
s_set_limits (server_t *self, const server_options_t *options)
{
    self->loading_wait_ms = options->loading_wait_ms;
    self->status.table_size_max = options->table_size_max;
    size_t size_max = options->client_size_max;
    self->client_size_max = size_max ? size_max : LOCATION_CLIENT_SIZE_MAX;
    assert (self->client_size_max <= LOCATION_CLIENT_SIZE_MAX);
}


server_t *
server_new (const server_options_t *options)
{
    server_t *self = calloc (1, sizeof (server_t));
    assert (self);
    self->name = strdup (options->name);
    assert (self->name && span_is_name (span_of (self->name)));
    unsigned char key [KEY_SIZE];
    key_make (key, options->herd, options->secret);
    self->table = table_new (key, options->table_size_max);
    if (options->near)
        table_keep_near (self->table);
    self->admission = admission_new (
        key, options->incarnation, options->new_clients_per_minute);
    self->sessions = sessions_new (options->waiting_max);
    self->questions = questions_new ();
    s_set_limits (self, options);
    self->flood =
        flood_new (&(flood_options_t){.name = options->name,
                       .herd = key_herd (key, options->herd),
                       .incarnation = options->incarnation,
                       .peers = options->peers,
                       .peer_count = options->peer_count,
                       .hops = options->hops,
                       .ttl_seconds = options->ttl_seconds,
                       .clock_least_seconds = options->clock_least_seconds,
                       .restoring = options->restoring,
                       .no_audit = options->no_audit},
            self->table);
    if (options->gateway.region)
        self->trade = trade_new (&options->gateway, self->table);
    return self;
}


void
server_configure (server_t *self, const server_options_t *options)
{
    s_set_limits (self, options);
    table_set_size_max (self->table, options->table_size_max);
    admission_limit (self->admission, options->new_clients_per_minute);
    sessions_limit (self->sessions, options->waiting_max);
    flood_configure (self->flood, options->hops, options->ttl_seconds);
    if (self->trade)
        trade_configure (self->trade, options->gateway.servers,
            options->gateway.server_count);
}


void
server_destroy (server_t **self_p)
{
    server_t *self = *self_p;
    if (self) {
        trade_destroy (&self->trade);
        flood_destroy (&self->flood);
        sessions_destroy (&self->sessions);
        admission_destroy (&self->admission);
        questions_destroy (&self->questions);
        table_destroy (&self->table);
        free (self->name);
        free (self);
        *self_p = NULL;
    }
}


static void
s_reject (server_t *self, uint64_t connection, span_t line, effects_t *effects)
{
    self->status.invalid++;
    sessions_reply (
        self->sessions, connection, rejection_print (line, effects), effects);
}


//  Refuse a client that we have no room for

static void
s_refuse (
    server_t *self, const event_t *event, refusal_t why, effects_t *effects)
{
    s_reject (self, event->connection, event->text, effects);
    admission_refuse (self->admission, event, why, effects);
}


static void
s_iamat (server_t *self, const event_t *event, const command_t *command,
    effects_t *effects)
{
    if (!admission_admits (
            self->admission, event, self->table, command->client)) {
        s_refuse (self, event, REFUSED_NEWCOMER, effects);
        return;
    }
    uint64_t hash = table_prefetch (self->table, command->client);
    //  With no part left out, no part is zeroed first
    location_t location = {.line = {NULL, 0},
        .server = span_of (self->name),
        .client = command->client,
        .place = command->place,
        .stamp = command->stamp,
        .stamped = command->stamped,
        .heard = flood_heard (self->flood, event)};
    char *text = effects_room (effects,
        location.server.size + event->text.size + LOCATION_EXTRA_SIZE + 1);
    size_t size = location_print (&location, text);
    table_result_t result = table_put_hashed (self->table, &location, hash);
    //  Only what is kept is acknowledged
    if (result == TABLE_FULL || result == TABLE_EXPIRED) {
        s_refuse (self, event, REFUSED_FULL, effects);
        return;
    }
    self->status.iamats++;
    self->status.updates += result == TABLE_STORED;
    self->status.reports_same += result == TABLE_SAME;
    text [size++] = '\n';
    sessions_reply (
        self->sessions, event->connection, (span_t){text, size}, effects);
}


//  If we know whom the question is about, let its reply wait for the places
//  around there

static bool
s_look_up (server_t *self, const question_t *question, const command_t *command,
    bool deferred, effects_t *effects)
{
    location_t location;
    if (!table_find (self->table, command->client, &location))
        return false;
    (deferred ? sessions_know : sessions_wait) (self->sessions,
        question->connection, question->request, location.line, command->bound,
        effects);
    self->status.whatsats++;
    size_t size = location.place.size;
    memcpy (effects_room (effects, size), location.place.data, size);
    effect_t *fetch =
        effects_add (effects, EFFECT_FETCH, question->connection, size);
    fetch->request = question->request;
    fetch->radius_mm = command->radius_mm;
    fetch->address = question->address;
    return true;
}


//  Who loads does not know yet whom it does not know

static void
s_whatsat (server_t *self, const event_t *event, const command_t *command,
    effects_t *effects)
{
    question_t question = {.connection = event->connection,
        .request = ++self->requests,
        .address = event->address,
        .asked_ms = event->clock_ms};
    if (s_look_up (self, &question, command, false, effects))
        return;
    if (flood_is_loading (self->flood) && self->loading_wait_ms) {
        questions_add (self->questions, &question);
        sessions_defer (self->sessions, question.connection, question.request,
            event->text, effects);
    }
    else
        s_reject (self, event->connection, event->text, effects);
}


//  Answer the question, if that can be done or has to be

static bool
s_settle (
    server_t *self, const question_t *question, bool must, effects_t *effects)
{
    span_t line;
    command_t command;
    if (!sessions_question (
            self->sessions, question->connection, question->request, &line))
        return true;
    //  It was one when it came, whatever the limit is now
    command_parse (&command, line, LOCATION_CLIENT_SIZE_MAX);
    bool known = s_look_up (self, question, &command, true, effects);
    if (must && !known) {
        self->status.invalid++;
        sessions_deny (self->sessions, question->connection, question->request,
            rejection_print (line, effects), effects);
    }
    return known || must;
}


//  Look at the questions that wait; all are to be answered at the end

static void
s_look_again (server_t *self, int64_t clock_ms, bool at_end, effects_t *effects)
{
    bool all = at_end || !flood_is_loading (self->flood);
    for (size_t index = 0; index < questions_count (self->questions);) {
        question_t question = questions_at (self->questions, index);
        int64_t waits_ms = clock_ms - question.asked_ms;
        if (s_settle (self, &question, all || waits_ms >= self->loading_wait_ms,
                effects))
            questions_drop (self->questions, index);
        else
            index++;
    }
}


//  A line without end is never complete: answer its start, and say goodbye

static void
s_long (server_t *self, const event_t *event, effects_t *effects)
{
    span_t start = event->text;
    if (start.size > SERVER_LONG_ECHO_SIZE)
        start.size = SERVER_LONG_ECHO_SIZE;
    s_reject (self, event->connection, start, effects);
    sessions_end (self->sessions, event->connection, effects);
}


static void
s_line (server_t *self, const event_t *event, effects_t *effects)
{
    command_t command;
    if (event->kind == EVENT_CONNECTION_LONG) {
        s_long (self, event, effects);
        return;
    }
    command_parse (&command, event->text, self->client_size_max);
    switch (command.kind) {
    case COMMAND_NONE:
        break;
    case COMMAND_IAMAT:
        s_iamat (self, event, &command, effects);
        break;
    case COMMAND_WHATSAT:
        s_whatsat (self, event, &command, effects);
        break;
    case COMMAND_BAD:
        s_reject (self, event->connection, event->text, effects);
        break;
    }
}


void
server_step (server_t *self, const event_t *event, effects_t *effects)
{
    switch (event->kind) {
    case EVENT_CONNECTION_OPENED:
    case EVENT_NOTED:
        break;
    case EVENT_CONNECTION_LINE:
    case EVENT_CONNECTION_LONG:
        s_line (self, event, effects);
        break;
    case EVENT_CONNECTION_ENDED:
        sessions_end (self->sessions, event->connection, effects);
        break;
    case EVENT_CONNECTION_CLOSED:
        sessions_forget (self->sessions, event->connection);
        break;
    case EVENT_CONNECTIONS_FULL:
    case EVENT_ADDRESS_FULL:
    case EVENT_CALLER_STRANGE:
    case EVENT_CALLER_UNMET:
    case EVENT_CALLER_UNKNOWN:
    case EVENT_CALLER_CROWDED:
    case EVENT_CALLER_ENDLESS:
        admission_refuse_event (self->admission, event, effects);
        break;
    case EVENT_PLACES_RATIONED:
        admission_refuse_event (self->admission, event, effects);
        __attribute__ ((fallthrough));
    case EVENT_PLACES_ANSWER:
    case EVENT_PLACES_FAILED:
    case EVENT_PLACES_ABSENT:
    case EVENT_PLACES_SPENT:
        self->status.places_failed +=
            !verdict_tell (self->sessions, event, effects);
        break;
    case EVENT_PEER_ADDED:
    case EVENT_PEER_REMOVED:
    case EVENT_PEER_UP:
    case EVENT_PEER_DOWN:
    case EVENT_PEER_UNMET:
    case EVENT_PEER_MESSAGE:
    case EVENT_DISK_BEGIN:
    case EVENT_DISK_RECORDS:
    case EVENT_DISK_MARK:
    case EVENT_DISK_END:
    case EVENT_STOP:
    case EVENT_TICK:
        flood_step (self->flood, event, effects);
        if (event->kind == EVENT_TICK)
            s_look_again (self, event->clock_ms, false, effects);
        break;
    case EVENT_REGION_RECORD:
    case EVENT_REGION_MET:
        trade_step (self->trade, self->flood, event, effects);
        break;
    case EVENT_GIVE_UP:  //  Nobody waits any more for Places, or for news
        s_look_again (self, event->clock_ms, true, effects);
        self->status.places_failed += verdict_none (self->sessions, effects);
        break;
    }
}


span_t
server_next (server_t *self, unsigned peer, int64_t clock_ms, char *buffer,
    effects_t *effects)
{
    return flood_next (self->flood, peer, clock_ms, buffer, effects);
}


bool
server_has_next (const server_t *self, unsigned peer, int64_t clock_ms)
{
    return flood_has_next (self->flood, peer, clock_ms);
}


server_status_t
server_status (const server_t *self)
{
    const refusals_t *of_flood = flood_refusals (self->flood);
    const refusals_t *clients = admission_refusals (self->admission);
    server_status_t status = self->status;
    status.clients_known = table_count (self->table);
    status.table_bytes = table_size (self->table);
    status.reports_old = status.iamats - status.updates - status.reports_same;
    status.flood_age = *flood_ages (self->flood);
    status.changes = table_lsn (self->table) - TABLE_LSN_BASE;
    status.root = digest_root (table_digest (self->table));
    status.wrong_sums = flood_wrong_sums (self->flood);
    status.waiting = sessions_waiting (self->sessions);
    status.loading = flood_is_loading (self->flood);
    status.floor = flood_floor (self->flood);
    status.twin = flood_is_twin (self->flood);
    status.passed_on = flood_is_passed_on (self->flood);
    status.refused = flood_refused (self->flood);
    for (unsigned why = 0; why < REFUSALS; why++)
        status.refusals [why] = of_flood->counts [why] + clients->counts [why];
    if (self->trade)
        trade_add_refusals (self->trade, &status.refused, status.refusals);
    return status;
}


size_t
server_waiting_size (const server_t *self, uint64_t connection)
{
    return connection ? sessions_size_of (self->sessions, connection)
                      : sessions_size (self->sessions);
}


unsigned
server_peers (const server_t *self)
{
    return flood_peers (self->flood);
}


const char *
server_peer (const server_t *self, unsigned peer)
{
    return flood_peer (self->flood, peer);
}


flood_link_t
server_link (const server_t *self, unsigned peer)
{
    return flood_link (self->flood, peer);
}


size_t
server_mark (const server_t *self, char *buffer)
{
    return flood_mark (self->flood, buffer);
}


table_t *
server_table (server_t *self)
{
    return self->table;
}


trade_t *
server_trade (server_t *self)
{
    return self->trade;
}
