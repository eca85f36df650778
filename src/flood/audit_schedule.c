/*  =========================================================================
    audit_schedule - when two servers compare their tables
    =========================================================================
*/

#include "flood/audit_schedule.h"

#include <inttypes.h>
#include <string.h>

//  Nothing more is heard of an audit for so long: it is over
#define AUDIT_PATIENCE_MS (2 * (int64_t) FLOOD_BEAT_MS)

//  Streams that never come to rest are audited all the same, so often
#define AUDIT_ANYWAY_MS 30000

//  But so many times as long as they are behind: an audit also sends what is on
//  its way
#define AUDIT_ANYWAY_PART 8

//  Exponential back-off: after two audits that mended nothing the next waits so
//  long, then twice as long, and so on up to the most
#define AUDIT_WAIT_LEAST_MS 4000
#define AUDIT_WAIT_MOST_MS 256000


static void
s_mark_tails (link_t *link, int64_t clock_ms)
{
    link->mark_ms = clock_ms;
    link->mark_lsn = table_lsn (link->stream.table);
    link->mark_tail = link->tail;
}


//  See how long streams take to what there was at a mark

static void
s_measure_lag (link_t *link, int64_t clock_ms)
{
    if (link->stream.acked < link->mark_lsn ||
        link->stream.got < link->mark_tail)
        return;
    link->behind_ms = clock_ms - link->mark_ms;
    s_mark_tails (link, clock_ms);
}


void
audit_schedule_restart (link_t *link, int64_t clock_ms)
{
    s_mark_tails (link, clock_ms);
    link->behind_ms = 0;
    link->apart = false;
    link->equal_ms = clock_ms;
    link->audit_wait_ms = 0;
    link->audit_gap = UINT64_MAX;
}


//  How long an audit that mended nothing keeps the next waiting

static int64_t
s_back_off (int64_t wait_ms)
{
    wait_ms *= 2;
    if (wait_ms < AUDIT_WAIT_LEAST_MS)
        wait_ms = AUDIT_WAIT_LEAST_MS;
    if (wait_ms > AUDIT_WAIT_MOST_MS)
        wait_ms = AUDIT_WAIT_MOST_MS;
    return wait_ms;
}


static int64_t
s_anyway_ms (const link_t *link, int64_t clock_ms)
{
    int64_t behind_ms = clock_ms - link->mark_ms;
    if (behind_ms < link->behind_ms)
        behind_ms = link->behind_ms;
    return behind_ms > AUDIT_ANYWAY_MS / AUDIT_ANYWAY_PART
               ? behind_ms * AUDIT_ANYWAY_PART
               : AUDIT_ANYWAY_MS;
}


//  Something was mended since the last audit began if we got a record by it; or
//  if counts are less apart, since one who lacked clients got some

static bool
s_begin_if_due (link_t *link, bool at_once, int64_t clock_ms)
{
    uint64_t ours = table_count (link->stream.table);
    uint64_t gap = ours > link->count ? ours - link->count : link->count - ours;
    bool mended = gap < link->audit_gap || link->repairs > link->audit_repairs;
    if (mended && at_once)
        link->audit_wait_ms = 0;
    int64_t wait_ms = link->audit_wait_ms;
    int64_t anyway_ms = s_anyway_ms (link, clock_ms);
    if (!at_once && wait_ms < anyway_ms)
        wait_ms = anyway_ms;
    if (link->window.taken < link->told_sent ||
        clock_ms - link->equal_ms < wait_ms)
        return false;

    link->audit_wait_ms = mended ? 0 : s_back_off (link->audit_wait_ms);
    link->audit_gap = gap;
    link->audit_repairs = link->repairs;
    link->equal_ms = clock_ms;
    link->seen.audits++;
    audit_begin (link->audit);
    return true;
}


void
audit_schedule_down (flood_t *self, link_t *link)
{
    link->audit_sent = 0;
    link->audit_heard = false;
    audit_clear (link->audit);
    if (self->audited == link)
        self->audited = NULL;
}


void
audit_schedule_touch (const taking_t *taking)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    if (self->audited == link)
        self->audited_ms = taking->event->clock_ms;
    if (taking->message->kind == MESSAGE_PUT)
        link->repaired_ms = taking->event->clock_ms;
    if (!link_state_is_ours (taking) || !link_is_up (link))
        return;
    if (!link->audit_heard && !link->drawing)
        link->loaded_before = link->loaded;
    link->audit_heard = true;
}


bool
audit_schedule_is_done (const link_t *link)
{
    return !audit_has_next (link->audit) && !audit_left_out (link->audit) &&
           link->window.taken >= link->audit_sent;
}


static void
s_settle (link_t *link)
{
    link->settled = link->loaded == link->loaded_before;
    link->state_due = true;
    link->told_sent = UINT64_MAX;
}


static bool
s_is_unsettled (const link_t *link)
{
    return !link->settled || !(link->flags & MESSAGE_SETTLED);
}


//  One of the two begins audits, so that they don't do the work twice

static bool
s_may_audit (const taking_t *taking)
{
    const flood_t *self = taking->flood;
    return !self->options.no_audit && !self->audited && !self->loading &&
           !(taking->message->flags & MESSAGE_LOADING) &&
           strcmp (self->name, taking->link->name) < 0;
}


static void
s_begin_audit (const taking_t *taking, bool at_once)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    const message_t *message = taking->message;
    int64_t clock_ms = taking->event->clock_ms;
    if (!s_may_audit (taking) || !s_begin_if_due (link, at_once, clock_ms))
        return;
    self->audited = link;
    self->audited_ms = clock_ms;
    link->audit_sent = UINT64_MAX;
    link->loaded_before = link->loaded;
    effects_note (taking->effects, NOTICE_AUDIT,
        "audit with %s starts: it has %" PRIu64 " clients, root %016" PRIx64
        "; we have %zu, root %016" PRIx64,
        link->name, message->count, message->root, table_count (self->table),
        digest_root (table_digest (self->table)));
}


//  An audit is over when neither has more to say of it, and each heard all.
//  Whoever begins it finds that, and its next STATE tells the other.  What was
//  loaded meanwhile may not have been compared

static void
s_end_audit (const taking_t *taking)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    unsigned flags = taking->message->flags;
    if (flags & MESSAGE_AUDITING || !audit_schedule_is_done (link))
        return;
    if (self->audited == link) {
        self->audited = NULL;
        s_settle (link);
    }
    else if (link->audit_heard && flags & MESSAGE_SETTLED)
        link->settled |= link->loaded == link->loaded_before;
    link->audit_heard = false;
}


//  When each has all that the other had, the roots must be equal; if so much
//  happens that this never is, look now and then all the same.  Where one may
//  lack what no stream brings, no time is lost

static void
s_compare_roots (const taking_t *taking)
{
    flood_t *self = taking->flood;
    link_t *link = taking->link;
    const message_t *message = taking->message;
    if (message->root == digest_root (table_digest (self->table))) {
        audit_schedule_restart (link, taking->event->clock_ms);
        link->settled = true;
        if (self->audited == link)
            self->audited = NULL;
        return;
    }
    s_measure_lag (link, taking->event->clock_ms);
    bool drained = message->got == table_lsn (self->table) &&
                   message->tail == link->stream.got &&
                   hearsay_is_still (link, taking->event->clock_ms);
    if (!link_is_up (link) || message->flags & MESSAGE_SWEEPING ||
        expiry_is_sweeping (self->expiry) ||
        message->floor != (uint64_t) expiry_floor (self->expiry))
        return;
    bool unsettled = s_is_unsettled (link);
    bool apart = drained && !unsettled;
    link->seen.roots_differ += apart;
    link->apart |= apart;
    s_begin_audit (taking, drained || unsettled);
}


void
audit_schedule_hear (const taking_t *taking)
{
    s_end_audit (taking);
    s_compare_roots (taking);
}


//  Say what an audit mended here, when no more of it comes

static void
s_note_repairs (link_t *link, int64_t clock_ms, effects_t *effects)
{
    if (link->repairs == link->repairs_noted ||
        clock_ms - link->repaired_ms <= AUDIT_PATIENCE_MS)
        return;
    effects_note (effects, NOTICE_AUDIT_MENDED,
        "audit with %s mended %" PRIu64 " records here", link->name,
        link->repairs - link->repairs_noted);
    link->repairs_noted = link->repairs;
}


void
audit_schedule_tick (flood_t *self, int64_t clock_ms, effects_t *effects)
{
    for (link_t *link = self->links; link; link = link->next)
        s_note_repairs (link, clock_ms, effects);
    if (self->audited && audit_has_next (self->audited->audit))
        self->audited_ms = clock_ms;
    else if (self->audited && clock_ms - self->audited_ms > AUDIT_PATIENCE_MS)
        self->audited = NULL;
}
