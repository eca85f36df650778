/*  =========================================================================
    loop_case - a loop that runs until what a test waits for is there
    =========================================================================
*/

#include "io/loop_case.h"

#include "loop/clock.h"
#include "loop/listen.h"

//  Only what is broken takes that long, however slow the machine is
#define PATIENCE_MS 60000

//  Who does nothing for that long is at rest
#define REST_MS 100
#define TICK_MS 20

//  Ports of a stage, the first of which is its claim, and stages to a base
#define PORTS 20
#define STAGES 10


static void
s_turn (void *context)
{
    loop_case_t *self = context;
    self->turns++;
    if (self->turn)
        self->turn (self->context);
}


static void
s_check (void *context)
{
    loop_case_t *self = context;
    int64_t now_ms = clock_ms ();
    if (now_ms >= self->tick_ms) {
        self->tick_ms = now_ms + TICK_MS;
        if (self->tick)
            self->tick (self->context);
        if (self->turn)
            self->turn (self->context);
    }
    bool reached = self->count && *self->count >= self->least;
    self->late = !reached && now_ms >= self->deadline_ms;
    if (reached || self->late)
        poller_end (self->poller);
}


const address_t loop_case_home = {
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1}};


//  Take ports that nobody else has

static void
s_claim (loop_case_t *self, uint16_t port_base)
{
    self->claim = -1;
    for (int stage = 0; stage < STAGES && self->claim < 0; stage++) {
        self->port = (uint16_t) (port_base + stage * PORTS);
        self->claim = listen_at (&loop_case_home, self->port, 0);
    }
    assert_true (self->claim >= 0);
}


loop_case_t *
loop_case_new (uint16_t port_base)
{
    loop_case_t *self = zmalloc (sizeof (loop_case_t));
    zsys_handler_set (NULL);
    s_claim (self, port_base);
    self->poller = poller_new (s_turn, self);
    assert_non_null (self->poller);
    poller_tick (self->poller, 1, s_check, self);
    return self;
}


void
loop_case_destroy (loop_case_t **self_p)
{
    loop_case_t *self = *self_p;
    if (self) {
        poller_destroy (&self->poller);
        close (self->claim);
        free (self);
        *self_p = NULL;
    }
}


//  It is free at all addresses: what a case before listened at may still be on
//  its way to be closed, by libzmq's thread

uint16_t
loop_case_port (loop_case_t *self)
{
    const address_t any = {{0}};
    for (int count = 1; count < PORTS; count++) {
        int fd = listen_at (&any, ++self->port, 0);
        if (fd >= 0) {
            close (fd);
            return self->port;
        }
    }
    fail_msg ("no free port below %u", self->port);
    return 0;
}


static void
s_run (loop_case_t *self, const size_t *count, size_t least, int64_t ms)
{
    self->count = count;
    self->least = least;
    self->deadline_ms = clock_ms () + ms;
    self->late = false;
    poller_run (self->poller);
}


void
loop_case_reach (loop_case_t *self, const size_t *count, size_t least,
    const char *file, int line)
{
    if (*count >= least)
        return;
    s_run (self, count, least, PATIENCE_MS);
    if (self->late) {
        print_error ("waited in vain: %zu of %zu\n", *count, least);
        _fail (file, line);
    }
}


void
loop_case_spend (loop_case_t *self, int64_t ms)
{
    s_run (self, NULL, 0, ms);
}


void
loop_case_rest (loop_case_t *self)
{
    int64_t end_ms = clock_ms () + PATIENCE_MS;
    size_t turns;
    do {
        assert_true (clock_ms () < end_ms);
        turns = self->turns;
        loop_case_spend (self, REST_MS);
    } while (self->turns != turns);
}
