/*  =========================================================================
    leave - how a server ends
    =========================================================================
*/

#include "io/leave.h"

#include "loop/clock.h"

//  Within it the peers' farewell leaves: two ticks
#define FAREWELL_MS 200

//  For the last replies to leave, and clients to close
#define PARTING_MS 500


void
leave_begin (leave_t *self)
{
    if (self->stop_ms)
        return;
    event_t event = {.kind = EVENT_STOP};
    clock_stamp (&event);
    self->stop_ms = event.clock_ms;
    journal_notice (self->pump->journal, NOTICE_STOP, "stopping");
    connections_stop (self->pump->clients);
    web_stop (self->pump->web);
    pump_event (self->pump, &event);
}


bool
leave_has_begun (const leave_t *self)
{
    return self->stop_ms != 0;
}


//  There is no answer for those who still wait; then no more replies are to
//  come, and the clients may know

static void
s_part (leave_t *self, const server_status_t *status)
{
    event_t event = {.kind = EVENT_GIVE_UP};
    clock_stamp (&event);
    self->parted_ms = event.clock_ms;
    if (status->waiting)
        journal_notice (self->pump->journal, NOTICE_DRAIN_REPLIES,
            "drain_ms are over, and %zu replies still wait for Places",
            status->waiting);
    if (!status->passed_on)
        journal_notice (self->pump->journal, NOTICE_DRAIN_PEERS,
            "drain_ms are over, and peers have not taken all we know");
    pump_event (self->pump, &event);
    connections_part (self->pump->clients);
}


void
leave_tick (leave_t *self)
{
    if (!self->stop_ms || self->parted_ms)
        return;
    int64_t since_ms = clock_ms () - self->stop_ms;
    server_status_t status = server_status (self->pump->server);
    const abroad_t *abroad = self->pump->abroad;
    bool pending = status.waiting || !status.passed_on ||
                   (abroad && abroad->has_output (self->pump->region)) ||
                   connections_has_output (self->pump->clients) ||
                   web_has_output (self->pump->web);
    if (since_ms >= (pending ? self->drain_ms : FAREWELL_MS))
        s_part (self, &status);
}


bool
leave_is_over (const leave_t *self)
{
    bool pending = connections_count (self->pump->clients) ||
                   web_has_output (self->pump->web);
    return self->parted_ms &&
           (!pending || clock_ms () - self->parted_ms >= PARTING_MS);
}
