/*  =========================================================================
    rota - which listener is visited next
    =========================================================================
*/

#include "web/rota.h"


void
rota_init (rota_t *self)
{
    *self = (rota_t){.count = 0};
    TAILQ_INIT (&self->all);
    TAILQ_INIT (&self->late [0]);
    TAILQ_INIT (&self->late [1]);
}


void
rota_add (rota_t *self, rota_member_t *member)
{
    member->late = NULL;
    TAILQ_INSERT_TAIL (&self->all, member, in_all);
    self->count++;
}


void
rota_drop (rota_t *self, rota_member_t *member)
{
    rota_take_back (self, member);
    TAILQ_REMOVE (&self->all, member, in_all);
    self->count--;
}


void
rota_put_off (rota_t *self, rota_member_t *member)
{
    if (!member->late) {
        member->late = &self->late [!self->now];
        TAILQ_INSERT_TAIL (member->late, member, in_late);
    }
}


void
rota_take_back (rota_t *self, rota_member_t *member)
{
    (void) self;
    if (member->late)
        TAILQ_REMOVE (member->late, member, in_late);
    member->late = NULL;
}


//  Return what a visit takes of the credit

static int64_t
s_price (const rota_t *self)
{
    return self->count > ROTA_MS ? (int64_t) self->count : ROTA_MS;
}


void
rota_spend (rota_t *self, int64_t ms)
{
    int64_t most = (int64_t) self->count * s_price (self);
    int64_t more = ms < s_price (self) ? ms * (int64_t) self->count : most;
    self->credit = self->credit + more < most ? self->credit + more : most;
    if (TAILQ_EMPTY (&self->late [self->now]))
        self->now = !self->now;
}


static bool
s_is_due (const rota_t *self)
{
    return self->count > 0 && self->credit >= s_price (self);
}


rota_member_t *
rota_next (rota_t *self)
{
    rota_member_t *next;
    if (s_is_due (self)) {
        self->credit -= s_price (self);
        next = TAILQ_FIRST (&self->all);
        TAILQ_REMOVE (&self->all, next, in_all);
        TAILQ_INSERT_TAIL (&self->all, next, in_all);
    }
    else
        next = TAILQ_FIRST (&self->late [self->now]);
    if (next)
        rota_take_back (self, next);
    return next;
}


bool
rota_has_more (const rota_t *self)
{
    return !TAILQ_EMPTY (&self->late [0]) || !TAILQ_EMPTY (&self->late [1]) ||
           s_is_due (self);
}
