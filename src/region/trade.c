/*  =========================================================================
    trade - what a gateway says to other regions, and takes of them
    =========================================================================
*/

#include "region/trade.h"

#include "flood/entry.h"
#include "table/copy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  Records passed over in a call while the cursor is moved back
#define STEPS_MAX 4096

//  Until what was refused for now is read again: the least, then twice as long
//  each time while that goes on, and the most
#define AGAIN_MS 60000
#define AGAIN_MOST_MS 3840000

//  No peer has this bit: MESH_PEERS_MAX
#define BIT TABLE_ABROAD

typedef struct {
    copy_position_t position;  //  Behind it
    bool acknowledged;
} flight_t;

struct trade_t {
    table_t *table;
    char *region;
    residents_t residents;
    copy_t copy;
    bool placed;                //  The copy is at position
    copy_position_t position;   //  Behind what was published or passed over
    copy_position_t confirmed;  //  Up to there all is acknowledged
    table_cursor_t sweep;  //  Behind records whose masks tell of the stream
    bool sweeping;         //  There are others: it was another stream
    uint64_t first, next;  //  Numbers of those on their way
    flight_t flights [TRADE_FLIGHTS_MAX];
    int64_t again_ms;       //  When all is to be read again; 0 = not
    int64_t again_wait_ms;  //  How long that takes the next time
    int64_t again_last_ms;  //  When it last was
    region_counts_t counts;
    refusals_t refusals;
};


static void
s_begin (trade_t *self)
{
    self->position = self->confirmed = copy_nothing (&self->copy);
    self->placed = false;
    self->first = self->next;
}


trade_t *
trade_new (const trade_options_t *options, table_t *table)
{
    trade_t *self = calloc (1, sizeof (trade_t));
    assert (self);
    assert (subject_is_region (span_of (options->region)));
    self->region = strdup (options->region);
    self->table = table;
    bool made = copy_init (&self->copy, table);
    self->sweep = table_cursor (table);
    assert (self->region && made && self->sweep);
    self->first = self->next = 1;
    self->again_wait_ms = AGAIN_MS;
    trade_configure (self, options->servers, options->server_count);
    s_begin (self);
    return self;
}


void
trade_destroy (trade_t **self_p)
{
    trade_t *self = *self_p;
    if (self) {
        copy_clear (&self->copy);
        table_drop_cursor (self->table, self->sweep);
        free (self->region);
        free (self);
        *self_p = NULL;
    }
}


//  What servers heard that are new in the file was passed over

void
trade_configure (trade_t *self, const char *const *servers, size_t server_count)
{
    if (residents_set (&self->residents, servers, server_count))
        s_begin (self);
}


//  Return the line's server, and its client

static span_t
s_server (span_t line)
{
    (void) span_until (&line, ' ');
    return span_until (&line, ' ');
}


static span_t
s_client (span_t line)
{
    for (int word = 0; word < 3; word++)
        (void) span_until (&line, ' ');
    return span_until (&line, ' ');
}


//  What the stream brought is there

static bool
s_is_to_go (const trade_t *self, const table_record_t *record)
{
    bool known = record->known >> BIT & 1;
    return !known && residents_has (&self->residents, s_server (record->line));
}


static bool
s_has_room (const trade_t *self)
{
    return self->next - self->first < TRADE_FLIGHTS_MAX;
}


bool
trade_next (trade_t *self, trade_item_t *item, size_t *looks)
{
    table_record_t record;
    assert (!self->sweeping);
    if (!self->placed)
        self->placed = copy_seek (&self->copy, self->position, STEPS_MAX);
    if (!self->placed) {
        *looks = 0;
        return false;
    }
    while (*looks && s_has_room (self) &&
           copy_take (&self->copy, &record, &self->position)) {
        --*looks;
        if (s_is_to_go (self, &record)) {
            item->number = self->next++;
            item->line = record.line;
            self->flights [item->number % TRADE_FLIGHTS_MAX] =
                (flight_t){self->position, false};
            self->counts.published++;
            return true;
        }
        if (self->first == self->next)
            self->confirmed = self->position;
    }
    return false;
}


bool
trade_has_next (const trade_t *self)
{
    return s_has_room (self) && (!self->placed || copy_has_next (&self->copy));
}


size_t
trade_print (const trade_t *self, span_t line, char *buffer)
{
    size_t size = strlen (self->region);
    memcpy (buffer, self->region, size);
    buffer [size++] = '.';
    return size + subject_print (s_client (line), buffer + size);
}


void
trade_acknowledge (trade_t *self, uint64_t number)
{
    if (number < self->first || number >= self->next)
        return;
    flight_t *flight = &self->flights [number % TRADE_FLIGHTS_MAX];
    self->counts.acknowledged += !flight->acknowledged;
    flight->acknowledged = true;
    for (; self->first < self->next; self->first++) {
        flight = &self->flights [self->first % TRADE_FLIGHTS_MAX];
        if (!flight->acknowledged)
            break;
        self->confirmed = flight->position;
    }
    if (self->first == self->next)
        self->confirmed = self->position;
}


void
trade_rewind (trade_t *self)
{
    self->position = self->confirmed;
    self->placed = false;
    self->first = self->next;
}


void
trade_restart (trade_t *self)
{
    self->sweeping = table_seek (self->table, self->sweep, 0, 1);
    assert (self->sweeping);
    s_begin (self);
}


bool
trade_prepare (trade_t *self, size_t *looks)
{
    table_record_t record;
    while (self->sweeping && *looks) {
        --*looks;
        self->sweeping = table_peek (self->table, self->sweep, &record);
        if (self->sweeping) {
            table_disown (self->table, self->sweep, BIT);
            table_advance (self->table, self->sweep);
        }
    }
    return !self->sweeping;
}


static void
s_refuse (trade_t *self, refusal_t why, const char *region,
    const event_t *event, effects_t *effects)
{
    refusals_add (&self->refusals, why,
        &(refused_t){.peer = region,
            .size = event->text.size,
            .clock_ms = event->clock_ms},
        effects);
}


//  It is to be read again, not at once, and not again and again

static void
s_want_again (trade_t *self, int64_t clock_ms)
{
    if (self->again_ms)
        return;
    if (clock_ms - self->again_last_ms > 2 * self->again_wait_ms)
        self->again_wait_ms = AGAIN_MS;
    self->again_ms = clock_ms + self->again_wait_ms;
}


bool
trade_wants_all (trade_t *self, int64_t clock_ms)
{
    if (!self->again_ms || clock_ms < self->again_ms)
        return false;
    self->again_ms = 0;
    self->again_last_ms = clock_ms;
    if (self->again_wait_ms < AGAIN_MOST_MS)
        self->again_wait_ms *= 2;
    return true;
}


//  Count what became of it.  Returns why it is refused, or REFUSALS

static refusal_t
s_count (trade_t *self, entry_t result, int64_t age_ns, const event_t *event,
    bool own)
{
    switch (result) {
    case ENTRY_STORED:
        self->counts.records_new++;
        if (!own)
            durations_add (&self->counts.age, age_ns, 1);
        break;
    case ENTRY_SAME:
        self->counts.records_same++;
        break;
    case ENTRY_OLDER:
        self->counts.records_old++;
        break;
    case ENTRY_EXPIRED:
        self->counts.records_expired++;
        break;
    case ENTRY_FULL:
        s_want_again (self, event->clock_ms);
        return REFUSED_FULL;
    case ENTRY_FUTURE:
        s_want_again (self, event->clock_ms);
        return REFUSED_FUTURE;
    }
    return REFUSALS;
}


//  Take the line that came under a token of a region

static refusal_t
s_take (
    trade_t *self, flood_t *flood, const event_t *event, bool own, span_t token)
{
    location_t location;
    if (!location_parse (&location, event->text))
        return REFUSED_RECORD;
    if (!subject_is_of (token, location.client))
        return REFUSED_SUBJECT;
    if (!own && residents_has (&self->residents, location.server))
        return REFUSED_ORIGIN;
    int64_t age_ns;
    entry_t result = entry_take (flood, &location, event, BIT, &age_ns);
    return s_count (self, result, age_ns, event, own);
}


static void
s_take_record (
    trade_t *self, flood_t *flood, const event_t *event, effects_t *effects)
{
    span_t token = span_of (event->speaker);
    span_t name = span_until (&token, '.');
    char region [SUBJECT_REGION_SIZE_MAX + 1] = "";
    if (!subject_is_region (name)) {
        s_refuse (self, REFUSED_SUBJECT, NULL, event, effects);
        return;
    }
    memcpy (region, name.data, name.size);
    bool own = span_equal (name, span_of (self->region));
    if (own)
        self->counts.own++;
    else
        self->counts.delivered++;
    refusal_t why = s_take (self, flood, event, own, token);
    if (why != REFUSALS)
        s_refuse (self, why, region, event, effects);
}


//  Two regions have met.  Names that both have are of two servers, and neither
//  is to take what it hears for the other's

static void
s_meet (trade_t *self, const event_t *event, effects_t *effects)
{
    bool own = span_equal (span_of (event->speaker), span_of (self->region));
    span_t name = residents_differ (&self->residents, event->text, own);
    if (name.size)
        effects_note (effects, NOTICE_REGION_NAMES,
            own ? "another gateway says that region %s has no server %.*s"
                : "region %s has a server %.*s, too: what it heard is refused",
            event->speaker, (int) name.size, name.data);
}


void
trade_step (
    trade_t *self, flood_t *flood, const event_t *event, effects_t *effects)
{
    if (event->kind == EVENT_REGION_RECORD)
        s_take_record (self, flood, event, effects);
    else
        s_meet (self, event, effects);
}


const char *
trade_region (const trade_t *self)
{
    return self->region;
}


const residents_t *
trade_residents (const trade_t *self)
{
    return &self->residents;
}


//  Of those that were dropped, or replaced, there is nothing to look at

region_counts_t
trade_counts (const trade_t *self)
{
    region_counts_t counts = self->counts;
    uint64_t changes = table_lsn (self->table);
    uint64_t most = table_count (self->table);
    counts.on = true;
    counts.in_flight = self->next - self->first;
    counts.behind =
        changes > self->position.last ? changes - self->position.last : 0;
    if (counts.behind > most)
        counts.behind = most;
    return counts;
}


void
trade_add_refusals (
    const trade_t *self, uint64_t *messages, uint64_t counts [REFUSALS])
{
    for (unsigned why = 0; why < REFUSALS; why++)
        counts [why] += self->refusals.counts [why];
    *messages += self->refusals.counts [REFUSED_RECORD];
}
