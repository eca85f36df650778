/*  =========================================================================
    window - how much may be on its way to a peer
    =========================================================================
*/

#include "wire/window.h"

//  Less room than this part of the window is not worth a message
#define ROOM_PART 4

//  A message is never larger than that, so it is enough room for any window
#define ROOM_ENOUGH 65536


void
window_init (window_t *self)
{
    *self = (window_t){
        .size = WINDOW_START, .least_ms = INT64_MAX, .due_ms = INT64_MAX};
}


void
window_renew (window_t *self)
{
    uint64_t sent = self->sent;
    window_init (self);
    self->sent = self->taken = sent;
}


void
window_open (window_t *self)
{
    self->size = WINDOW_START;
    self->taken = self->sent;
    self->mark = 0;
    self->least_ms = INT64_MAX;
    self->limited = false;
}


void
window_send (window_t *self, size_t size, int64_t clock_ms)
{
    self->sent += size;
    if (self->mark == 0) {
        self->mark = self->sent;
        self->mark_ms = clock_ms;
        self->limited = false;
    }
}


//  How long the mark waited in buffers is what it took beyond the quickest.
//  Then half of what may wait is a window's worth of half that time

static void
s_adapt (window_t *self, int64_t took_ms)
{
    if (took_ms < self->least_ms)
        self->least_ms = took_ms;
    int64_t waited_ms = took_ms - self->least_ms;
    if (waited_ms > WINDOW_LATE_MS)
        self->size = self->size / 2 * WINDOW_LATE_MS / (uint64_t) waited_ms;
    else if (waited_ms < WINDOW_LATE_MS / 2 && self->limited)
        self->size *= 2;
    if (self->size < WINDOW_LEAST)
        self->size = WINDOW_LEAST;
    if (self->size > WINDOW_MOST)
        self->size = WINDOW_MOST;
}


void
window_acknowledge (window_t *self, uint64_t taken, int64_t clock_ms)
{
    if (taken > self->sent || taken <= self->taken)
        return;
    self->taken = taken;
    if (self->mark && taken >= self->mark) {
        s_adapt (self, clock_ms - self->mark_ms);
        self->mark = 0;
    }
}


size_t
window_room (const window_t *self)
{
    uint64_t flight = self->sent - self->taken;
    if (flight >= self->size)
        return 0;
    size_t room = self->size - (size_t) flight;
    return room >= ROOM_ENOUGH || room >= self->size / ROOM_PART ? room : 0;
}


void
window_limit (window_t *self, int64_t clock_ms)
{
    if (self->limited)
        return;
    self->limited = true;
    self->mark = self->sent;
    self->mark_ms = clock_ms;
}


void
window_hear (window_t *self, uint64_t before, size_t size)
{
    if (before <= UINT64_MAX - size && before + size > self->heard)
        self->heard = before + size;
}


void
window_owe (window_t *self, bool urgent, int64_t clock_ms)
{
    int64_t due_ms = clock_ms + WINDOW_ACK_MS;
    if (urgent || self->heard - self->told >= WINDOW_ACK_SIZE)
        due_ms = clock_ms;
    if (due_ms < self->due_ms)
        self->due_ms = due_ms;
}


bool
window_is_due (const window_t *self, int64_t clock_ms)
{
    return clock_ms >= self->due_ms;
}


uint64_t
window_tell (window_t *self)
{
    self->told = self->heard;
    self->due_ms = INT64_MAX;
    return self->heard;
}
