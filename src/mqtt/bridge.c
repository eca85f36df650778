/*  =========================================================================
    bridge - what phones publish at a broker, told to a herd
    =========================================================================
*/

#include "mqtt/bridge.h"

#include "base/key.h"
#include "loop/clock.h"
#include "mqtt/stage.h"
#include "reports/owntracks.h"

#include <sodium/randombytes.h>

//  What came of a broker's messages
typedef struct {
    uint64_t messages;  //  All of them
    uint64_t passed;    //  Understood, and no location
    uint64_t bad;       //  Not of OwnTracks
    uint64_t large;     //  Larger than any of OwnTracks
    uint64_t replaced;  //  Of these a newer one came before they were told
    uint64_t older;     //  Of these a newer one had come
    uint64_t full;      //  So many other devices wait
} counts_t;

typedef struct {
    stage_t stage;
    devices_t *devices;
    broker_t *broker;
    teller_t *teller;
    counts_t counts;
    uint64_t subscribed;  //  Subscriptions when replies were last looked at
    uint64_t taken;       //  Replies when it last subscribed
    int64_t retried_ms;   //  When what was refused was tried again
    int64_t end_ms;       //  When it ends at the latest; 0 = it goes on
} bridge_t;


static void
s_take_fix (bridge_t *self, const fix_t *fix)
{
    char line [FIX_LINE_SIZE];
    instant_t now = clock_now ();
    instant_t time;
    span_t id = span_of (fix->id);
    size_t size = fix_print (fix, id, now, line);
    //  As a server has it: what is ahead of time is of the time that it came
    if (!stamp_parse (span_of (fix->stamp), &time) ||
        time.seconds > now.seconds + LOCATION_AHEAD_SECONDS)
        time = now;
    switch (devices_put (self->devices, id, (span_t){line, size}, time)) {
    case DEVICES_REPLACES:
        self->counts.replaced++;
        break;
    case DEVICES_OLDER:
        self->counts.older++;
        break;
    case DEVICES_FULL:
        self->counts.full++;
        break;
    default:
        break;
    }
}


//  A message came, as broker_message_fn has it

static void
s_message (void *context, span_t topic, span_t payload)
{
    bridge_t *self = context;
    fix_t fix;
    self->counts.messages++;
    if (payload.size > BRIDGE_PAYLOAD_SIZE_MAX) {
        self->counts.large++;
        return;
    }
    switch (owntracks_read_published (&fix, topic, payload)) {
    case FIX_FOUND:
        s_take_fix (self, &fix);
        break;
    case FIX_NONE:
        self->counts.passed++;
        break;
    default:
        self->counts.bad++;
    }
}


//  A server was reached, as teller_fn has it

static void
s_reached (void *context)
{
    bridge_t *self = context;
    if (teller_counts (self->teller)->taken > self->taken)
        broker_subscribe (self->broker);
}


static void
s_count (void *context, char *text)
{
    const bridge_t *self = context;
    const counts_t *counts = &self->counts;
    const teller_counts_t *told = teller_counts (self->teller);
    snprintf (text, DIARY_LINE_SIZE_MAX,
        "%" PRIu64 " messages: %" PRIu64 " passed over, %" PRIu64
        " bad, %" PRIu64 " too large, %" PRIu64 " replaced by newer, %" PRIu64
        " older than known, %" PRIu64 " without room; %" PRIu64
        " lines told: %" PRIu64 " taken, %" PRIu64
        " refused; %zu devices wait, %zu of them refused",
        counts->messages, counts->passed, counts->bad, counts->large,
        counts->replaced, counts->older, counts->full, told->told, told->taken,
        told->refused,
        devices_waiting (self->devices) + devices_told (self->devices) +
            devices_refused (self->devices),
        devices_refused (self->devices));
}


//  Return true if there is nothing left to do for a bridge that ends

static bool
s_is_over (void *context)
{
    const bridge_t *self = context;
    return clock_ms () >= self->end_ms || !teller_is_up (self->teller) ||
           devices_waiting (self->devices) + devices_told (self->devices) == 0;
}


//  The end of each turn: the poller's, and a tick

static void
s_turn (void *context)
{
    bridge_t *self = context;
    if (self->subscribed != broker_subscriptions (self->broker)) {
        self->subscribed = broker_subscriptions (self->broker);
        self->taken = teller_counts (self->teller)->taken;
    }
    teller_send (self->teller);
}


static void
s_tick (void *context)
{
    bridge_t *self = context;
    broker_tick (self->broker);
    teller_tick (self->teller);
    if (clock_ms () - self->retried_ms >= BRIDGE_RETRY_MS) {
        self->retried_ms = clock_ms ();
        devices_retry (self->devices);
    }
}


static void
s_stop (void *context)
{
    bridge_t *self = context;
    broker_end (self->broker);
    self->end_ms = clock_ms () + BRIDGE_END_MS;
}


static bool
s_open_parts (bridge_t *self, const bridge_options_t *options)
{
    unsigned char key [KEY_SIZE];
    randombytes_buf (key, sizeof (key));
    self->devices = devices_new (BRIDGE_DEVICES_MAX, key);
    if (!stage_open (&self->stage))
        return false;
    self->teller =
        teller_new (&(teller_options_t){.herd = {.poller = self->stage.poller,
                                            .diary = self->stage.diary,
                                            .list = options->servers,
                                            .count = options->server_count},
            .devices = self->devices,
            .reached = s_reached,
            .context = self});
    if (self->teller)
        self->broker = broker_new (&(broker_use_t){.options = &options->broker,
            .poller = self->stage.poller,
            .diary = self->stage.diary,
            .message = s_message,
            .context = self});
    return self->broker;
}


bool
bridge_run (const bridge_options_t *options, diary_t *diary)
{
    bridge_t self = {.stage = {.diary = diary,
                         .turn = s_turn,
                         .tick = s_tick,
                         .count = s_count,
                         .stop = s_stop,
                         .is_over = s_is_over,
                         .context = &self}};
    bool opened = s_open_parts (&self, options);
    int reason = errno;
    if (opened) {
        self.retried_ms = clock_ms ();
        stage_run (&self.stage);
    }
    broker_destroy (&self.broker);
    teller_destroy (&self.teller);
    stage_close (&self.stage);
    devices_destroy (&self.devices);
    errno = reason;
    return opened;
}
