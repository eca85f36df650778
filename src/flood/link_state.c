/*  =========================================================================
    link_state - the states of a link, and what moves it between them
    =========================================================================
*/

#include "flood/link_state.h"

#include "flood/audit_schedule.h"
#include "flood/loading.h"
#include "flood/restore.h"

#include <assert.h>

//  Who is new to us and changed no more than this is asked for all its changes;
//  others for recent ones, so that these do not wait until a table is loaded
#define CHANGES_MAX 4096
#define RECENT_CHANGES 256

//  Sets of states
#define IN(state) (1u << LINK_##state)
#define UP (IN (UP) | IN (LEAVING))
#define ALL ((1u << LINK_STATES) - 1)

//  As the next state: it stays as it is
#define SAME LINK_STATES

typedef struct {
    link_event_t event;
    unsigned in;
    link_state_t next;
    link_action_t action;
} row_t;

//  For a state and an event the first row counts that has both

static const row_t s_rows [] = {
    {LINK_CONNECTED, IN (LOST), LINK_CALLING, LINK_GREET},
    {LINK_CONNECTED, ALL, SAME, LINK_GREET},
    {LINK_DISCONNECTED, ALL, LINK_LOST, LINK_FALL},
    {LINK_REMOVED, ALL, LINK_LOST, LINK_FALL},
    {LINK_MET, IN (LOST), SAME, LINK_RENEW},
    {LINK_MET, ALL, LINK_CALLING, LINK_RENEW},
    {LINK_NAMED, IN (CALLING) | IN (REFUSED), LINK_UP, LINK_RISE},
    {LINK_NAMED, ALL, SAME, LINK_HEED},
    {LINK_DEAF, UP, LINK_CALLING, LINK_FALL},
    {LINK_DEAF, ALL, SAME, LINK_FALL},
    {LINK_SILENT, UP, LINK_CALLING, LINK_FALL},
    {LINK_OUSTED, UP, LINK_CALLING, LINK_FALL},
    {LINK_LEAVES, IN (UP), LINK_LEAVING, LINK_NOTHING},
    {LINK_STAYS, IN (LEAVING), LINK_UP, LINK_NOTHING},
    {LINK_BARRED, IN (CALLING), LINK_REFUSED, LINK_NOTHING},
    {LINK_EVENTS, 0, SAME, LINK_NOTHING},
};

//  Why a link goes down by an event, if that is not because the peer left

static const char *const s_reasons [LINK_EVENTS] = {
    [LINK_DISCONNECTED] = "connection lost",
    [LINK_REMOVED] = "it is removed",
    [LINK_MET] = "it started anew",
    [LINK_DEAF] = "it does not hear us",
    [LINK_SILENT] = "nothing heard",
    [LINK_OUSTED] = "it talks to another process of our name",
};


bool
link_is_up (const link_t *self)
{
    return self->state == LINK_UP || self->state == LINK_LEAVING;
}


link_step_t
link_state_step (link_state_t state, link_event_t event)
{
    const row_t *row = s_rows;
    assert (state < LINK_STATES && event < LINK_EVENTS);
    while (row->event != LINK_EVENTS &&
           (row->event != event || !(row->in >> state & 1)))
        row++;
    return (link_step_t){row->next == SAME ? state : row->next, row->action};
}


static void
s_greet (const taking_t *taking)
{
    taking->link->state_due = true;
    taking->link->connected_ms = taking->event->clock_ms;
}


static void
s_rise (const taking_t *taking)
{
    int64_t clock_ms = taking->event->clock_ms;
    assert (taking->message);
    link_rise (taking->link, taking->message->got, clock_ms, taking->effects);
    audit_schedule_restart (taking->link, clock_ms);
    loading_up (taking->flood, taking->link, clock_ms);
}


static void
s_heed (const taking_t *taking)
{
    link_t *link = taking->link;
    assert (taking->message);
    uint64_t got = taking->message->got;
    int64_t clock_ms = taking->event->clock_ms;
    if (taking->message->flags & MESSAGE_NAK && got < link->stream.position)
        link_rewind (link, got, clock_ms, taking->effects);
    else
        link_acknowledge (link, got, clock_ms, taking->effects);
}


static void
s_fall (const taking_t *taking, const char *why)
{
    link_t *link = taking->link;
    flood_t *self = taking->flood;
    link_fall (link, why, taking->event->clock_ms, taking->effects);
    hearsay_forget (self, link);
    hearsay_check (self, taking->event->clock_ms);
    loading_down (self, link);
    restore_down (self, link);
    audit_schedule_down (self, link);
}


//  A process that we do not know speaks in the peer's name: it started
//  anew, or we did.  If all it has are a few changes, its stream brings them;
//  else it may become our source, or an audit finds what we lack

static void
s_renew (const taking_t *taking)
{
    link_t *link = taking->link;
    const message_t *message = taking->message;
    assert (message);
    link->retired = link->incarnation;
    link->incarnation = message->incarnation;
    bool young = message->tail <= TABLE_LSN_BASE + CHANGES_MAX &&
                 message->loaded == 0 && !taking->flood->loading &&
                 !loading_is_worth (taking->flood, message->count);
    bool all = young || message->tail < TABLE_LSN_BASE + RECENT_CHANGES;
    stream_renew (
        &link->stream, all ? TABLE_LSN_BASE : message->tail - RECENT_CHANGES);
    window_renew (&link->window);
    hearsay_meet (taking->flood, link);
    link->clock.count = 0;
    link->loaded = message->loaded;
    link->settled = message->count == 0 || young;
    link->drawing = false;
    link->drawn = 0;
    link->grown_ms = taking->event->clock_ms;
    link->state_due = true;
    restore_meet (taking);
}


void
link_state_take (const taking_t *taking, link_event_t event)
{
    link_t *link = taking->link;
    link_step_t step = link_state_step (link->state, event);
    const char *why = NULL;
    if (link_is_up (link))
        why = link->state == LINK_LEAVING ? "it left" : s_reasons [event];
    link->state = step.next;
    switch (step.action) {
    case LINK_NOTHING:
        break;
    case LINK_GREET:
        s_greet (taking);
        break;
    case LINK_RISE:
        s_rise (taking);
        break;
    case LINK_HEED:
        s_heed (taking);
        break;
    case LINK_FALL:
        s_fall (taking, why);
        break;
    case LINK_RENEW:
        s_fall (taking, why);
        s_renew (taking);
        break;
    }
}


bool
link_state_is_ours (const taking_t *taking)
{
    return taking->message->receiver == taking->flood->options.incarnation &&
           taking->message->incarnation == taking->link->incarnation;
}


//  While we talk with one process of the peer's name, no other takes its
//  place: not the one before, nor a new one, unless our connection was lost, as
//  it is when a process ends

bool
link_state_is_second (const taking_t *taking)
{
    const link_t *link = taking->link;
    uint64_t incarnation = taking->message->incarnation;
    return incarnation != link->incarnation &&
           (link_is_up (link) || incarnation == link->retired) &&
           taking->event->clock_ms - link->heard_ms <= FLOOD_SILENCE_MS;
}


//  Return true if the peer spoke to another process of our name last

static bool
s_is_ousted (const flood_t *self, const link_t *link)
{
    return link->named && link->named != self->options.incarnation;
}


static void
s_check_silence (const taking_t *taking)
{
    const flood_t *self = taking->flood;
    const link_t *link = taking->link;
    int64_t clock_ms = taking->event->clock_ms;
    if (!link_is_up (link))
        return;
    if (clock_ms - link->heard_ms > FLOOD_SILENCE_MS)
        link_state_take (taking, LINK_SILENT);
    else if (clock_ms - link->named_ms > FLOOD_SILENCE_MS)
        link_state_take (
            taking, s_is_ousted (self, link) ? LINK_OUSTED : LINK_DEAF);
}


//  Return true if the peer takes our messages, and for long spoke to
//  others only, or to nobody since our connection was made

static bool
s_ignores_us (const flood_t *self, const link_t *link, int64_t clock_ms)
{
    bool others = s_is_ousted (self, link) &&
                  clock_ms - link->heard_ms <= FLOOD_SILENCE_MS;
    return clock_ms - link->connected_ms > FLOOD_SILENCE_MS &&
           clock_ms - link->named_ms > FLOOD_SILENCE_MS &&
           (others || link->named_ms < link->connected_ms);
}


//  Return true if all who take our messages ignore us: they have another
//  process of our name

static bool
s_are_we_second (const flood_t *self, int64_t clock_ms)
{
    bool ignored = false;
    for (const link_t *link = self->links; link; link = link->next) {
        bool connected = link->state != LINK_LOST;
        if (connected && !s_ignores_us (self, link, clock_ms))
            return false;
        ignored |= connected;
    }
    return ignored;
}


void
link_state_tick (flood_t *self, const event_t *event, effects_t *effects)
{
    for (link_t *link = self->links; link; link = link->next)
        s_check_silence (&(taking_t){
            .flood = self, .link = link, .event = event, .effects = effects});
    bool twin = s_are_we_second (self, event->clock_ms);
    if (twin && !self->twin)
        effects_note (effects, NOTICE_TWIN,
            "no peer speaks to this process: another has the name %s, or "
            "they cannot reach us, or have no link to us",
            self->name);
    else if (!twin && self->twin)
        effects_note (
            effects, NOTICE_TWIN_GONE, "peers speak to this process again");
    self->twin = twin;
}
