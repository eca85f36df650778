/*  =========================================================================
    bridge - what phones publish at a broker, told to a herd
    =========================================================================
*/

#include "mqtt/bridge.h"

#include "base/key.h"
#include "loop/clock.h"
#include "reports/owntracks.h"

#include <signal.h>
#include <sodium/randombytes.h>
#include <sys/signalfd.h>

#define TICK_MS 100

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
    zloop_t *loop;
    poller_t *poller;
    diary_t *diary;
    devices_t *devices;
    broker_t *broker;
    teller_t *teller;
    watcher_t signals;
    counts_t counts;
    char said [DIARY_LINE_SIZE_MAX];  //  Counts, as last logged
    int64_t said_ms;                  //
    uint64_t subscribed;  //  Subscriptions when replies were last looked at
    uint64_t taken;       //  Replies when it last subscribed
    int64_t end_ms;       //  When it ends at the latest; 0 = it goes on
} bridge_t;


static void
s_take (bridge_t *self, const fix_t *fix)
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
        s_take (self, &fix);
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


//  Log the counts if any has changed, or whoever asks wants to see them

static void
s_say_counts (bridge_t *self, bool asked)
{
    const counts_t *counts = &self->counts;
    const teller_counts_t *told = teller_counts (self->teller);
    char text [DIARY_LINE_SIZE_MAX];
    snprintf (text, sizeof (text),
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
    if (asked || !streq (text, self->said))
        diary_say (self->diary, "%s", text);
    memcpy (self->said, text, sizeof (text));
    self->said_ms = clock_ms ();
}


//  Return true if there is nothing left to do for a bridge that ends

static bool
s_is_over (const bridge_t *self)
{
    return self->end_ms &&
           (clock_ms () >= self->end_ms || !teller_is_up (self->teller) ||
               devices_waiting (self->devices) + devices_told (self->devices) ==
                   0);
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


static int
s_tick (zloop_t *loop, int timer, void *context)
{
    bridge_t *self = context;
    (void) loop;
    (void) timer;
    broker_tick (self->broker);
    teller_tick (self->teller);
    s_turn (self);
    if (clock_ms () - self->said_ms >= BRIDGE_COUNTS_MS) {
        s_say_counts (self, false);
        devices_retry (self->devices);
    }
    return s_is_over (self) ? -1 : 0;
}


static void
s_signal (void *context, uint32_t events)
{
    bridge_t *self = context;
    struct signalfd_siginfo info;
    (void) events;
    if (read (self->signals.fd, &info, sizeof (info)) != sizeof (info))
        return;
    if (info.ssi_signo == SIGHUP)
        diary_reopen (self->diary);
    else if (info.ssi_signo == SIGUSR1)
        s_say_counts (self, true);
    else if (!self->end_ms) {
        broker_end (self->broker);
        self->end_ms = clock_ms () + BRIDGE_END_MS;
    }
}


//  From here on signals wait in a descriptor, so that none is lost and none
//  finds us half way.  CZMQ would take them for itself.

static int
s_take_signals (void)
{
    static const int signals [] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    sigset_t set;
    sigemptyset (&set);
    for (size_t index = 0; index < sizeof (signals) / sizeof (int); index++)
        sigaddset (&set, signals [index]);
    sigprocmask (SIG_BLOCK, &set, NULL);
    zsys_handler_set (NULL);
    return signalfd (-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}


static bool
s_open (bridge_t *self, const bridge_options_t *options)
{
    unsigned char key [KEY_SIZE];
    randombytes_buf (key, sizeof (key));
    self->devices = devices_new (BRIDGE_DEVICES_MAX, key);
    self->signals = (watcher_t){s_take_signals (), s_signal, self};
    self->poller = poller_new (self->loop, s_turn, self);
    if (!self->poller || self->signals.fd < 0 ||
        poller_add (self->poller, &self->signals, EPOLLIN) < 0)
        return false;
    self->teller = teller_new (&(teller_options_t){.poller = self->poller,
        .devices = self->devices,
        .diary = self->diary,
        .servers = options->servers,
        .count = options->server_count,
        .reached = s_reached,
        .context = self});
    self->broker = self->teller ? broker_new (&options->broker, self->poller,
                                      self->diary, s_message, self)
                                : NULL;
    return self->broker;
}


bool
bridge_run (const bridge_options_t *options, diary_t *diary)
{
    bridge_t self = {.loop = zloop_new (), .diary = diary};
    assert (self.loop);
    bool opened = s_open (&self, options);
    int reason = errno;
    if (opened) {
        self.said_ms = clock_ms ();
        zloop_timer (self.loop, TICK_MS, 0, s_tick, &self);
        diary_say (diary, "start");
        zloop_start (self.loop);
        s_say_counts (&self, true);
        diary_say (diary, "end");
    }
    broker_destroy (&self.broker);
    teller_destroy (&self.teller);
    poller_destroy (&self.poller);
    if (self.signals.fd >= 0)
        close (self.signals.fd);
    devices_destroy (&self.devices);
    zloop_destroy (&self.loop);
    errno = reason;
    return opened;
}
