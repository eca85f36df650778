/*  =========================================================================
    share - how much each connection may have waiting
    =========================================================================
*/

#include "connections/share.h"


static size_t
s_kept (const share_t *self, uint64_t connection)
{
    return self->kept ? self->kept (self->context, connection) : 0;
}


size_t
share_used (const share_t *self)
{
    return self->size + s_kept (self, 0);
}


bool
share_is_tight (const share_t *self)
{
    return share_used (self) > self->size_max / 2;
}


bool
share_is_over (const share_t *self, uint64_t connection, size_t size)
{
    size_t used = share_used (self);
    size_t share = SHARE_LEAST;
    if (used <= self->size_max / 2)
        return false;
    if (used + share < self->size_max)
        share = self->size_max - used;
    return size + s_kept (self, connection) > share;
}
