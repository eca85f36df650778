/*  =========================================================================
    stage - the loop that a bridge runs in
    =========================================================================
*/

#include "mqtt/stage.h"

#include "loop/clock.h"
#include "loop/signals.h"

#include <signal.h>
#include <sys/signalfd.h>

#define TICK_MS 100


//  Log the counts if any has changed, or whoever asks wants to see them

static void
s_say_counts (stage_t *self, bool asked)
{
    char text [DIARY_LINE_SIZE_MAX];
    self->count (self->context, text);
    if (asked || !streq (text, self->said))
        diary_say (self->diary, "%s", text);
    memcpy (self->said, text, sizeof (text));
    self->said_ms = clock_ms ();
}


static void
s_tick (void *context)
{
    stage_t *self = context;
    self->tick (self->context);
    self->turn (self->context);
    if (clock_ms () - self->said_ms >= STAGE_COUNTS_MS)
        s_say_counts (self, false);
    if (self->stopped && self->is_over (self->context))
        poller_end (self->poller);
}


static void
s_signal (void *context, uint32_t events)
{
    stage_t *self = context;
    struct signalfd_siginfo info;
    (void) events;
    if (read (self->signals.fd, &info, sizeof (info)) != sizeof (info))
        return;
    if (info.ssi_signo == SIGHUP)
        diary_reopen (self->diary);
    else if (info.ssi_signo == SIGUSR1)
        s_say_counts (self, true);
    else if (!self->stopped) {
        self->stopped = true;
        self->stop (self->context);
    }
}


bool
stage_open (stage_t *self)
{
    static const int signals [] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    self->signals = (watcher_t){
        signals_take (signals, sizeof (signals) / sizeof (*signals)), s_signal,
        self};
    self->poller = poller_new (self->turn, self->context);
    return self->poller && self->signals.fd >= 0 &&
           poller_add (self->poller, &self->signals, EPOLLIN) == 0;
}


void
stage_run (stage_t *self)
{
    self->said_ms = clock_ms ();
    poller_tick (self->poller, TICK_MS, s_tick, self);
    diary_say (self->diary, "start");
    poller_run (self->poller);
    s_say_counts (self, true);
    diary_say (self->diary, "end");
}


void
stage_close (stage_t *self)
{
    int reason = errno;
    poller_destroy (&self->poller);
    if (self->signals.fd >= 0)
        close (self->signals.fd);
    errno = reason;
}
