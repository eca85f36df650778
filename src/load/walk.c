/*  =========================================================================
    walk - the ids of one connection, in an order of no use to a cache
    =========================================================================
*/

#include "load/walk.h"


static uint32_t
s_common_divisor (uint32_t one, uint32_t other)
{
    while (other) {
        uint32_t rest = one % other;
        one = other;
        other = rest;
    }
    return one;
}


void
walk_init (
    walk_t *self, uint32_t connection, uint32_t connections, uint32_t ids)
{
    self->first = connection % ids;
    self->stride = connections;
    self->count =
        connection < ids ? (ids - connection - 1) / connections + 1 : 1;
    self->at = 0;

    //  Steps of about the golden part come to all of them, far apart
    self->step = (uint32_t) (0.618 * self->count);
    while (s_common_divisor (self->count, self->step) != 1)
        self->step++;
}


uint32_t
walk_next (walk_t *self)
{
    uint32_t id = self->first + self->at * self->stride;
    self->at += self->step;
    if (self->at >= self->count)
        self->at -= self->count;
    return id;
}
