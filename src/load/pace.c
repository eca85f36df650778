/*  =========================================================================
    pace - who may make a request, and since when
    =========================================================================
*/

#include "load/pace.h"

#define SECOND_NS 1000000000
#define LATE_NS 1000000


static int64_t
s_due_ns (const pace_t *self, uint64_t index)
{
    return self->begin_ns + (int64_t) ((double) index * SECOND_NS / self->rate);
}


bool
pace_has (const pace_t *self, const turns_t *turns, int64_t now_ns)
{
    return now_ns < self->stop_ns &&
           (turns->owed || (self->rate <= 0 && self->left));
}


bool
pace_take (pace_t *self, turns_t *turns, int64_t now_ns, int64_t *since_ns)
{
    *since_ns = now_ns;
    if (!pace_has (self, turns, now_ns))
        return false;
    if (turns->owed) {
        if (self->rate > 0)
            *since_ns = s_due_ns (self, turns->due_index);
        turns->due_index += self->callers;
        turns->owed--;
        self->owed--;
        return true;
    }
    self->left--;
    return true;
}


bool
pace_due (pace_t *self, int64_t now_ns, uint32_t *caller)
{
    if (self->rate <= 0 || self->left == 0)
        return false;
    int64_t due_ns = s_due_ns (self, self->due_index);
    if (due_ns > now_ns || due_ns >= self->stop_ns)
        return false;
    *caller = (uint32_t) (self->due_index++ % self->callers);
    self->left--;
    self->late += now_ns - due_ns > LATE_NS;
    return true;
}


void
pace_owe (pace_t *self, turns_t *turns, uint64_t count)
{
    turns->owed += count;
    self->owed += count;
}


uint64_t
pace_leave (pace_t *self, turns_t *turns)
{
    uint64_t owed = turns->owed;
    self->owed -= owed;
    turns->due_index += owed * self->callers;
    turns->owed = 0;
    return owed;
}


int64_t
pace_next_ns (const pace_t *self, int64_t now_ns)
{
    int64_t next_ns = INT64_MAX;
    if (self->rate > 0 && self->left)
        next_ns = s_due_ns (self, self->due_index);
    if (now_ns < self->stop_ns && self->stop_ns < next_ns)
        next_ns = self->stop_ns;
    return next_ns;
}


bool
pace_is_over (const pace_t *self, int64_t now_ns)
{
    return now_ns >= self->stop_ns || (self->left == 0 && self->owed == 0);
}
