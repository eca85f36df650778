/*  =========================================================================
    retry - when to try a connection again that was lost, or never came
    =========================================================================
*/

#include "mqtt/retry.h"


bool
retry_is_due (const retry_t *self, int64_t now_ms)
{
    return now_ms >= self->due_ms;
}


void
retry_connected (retry_t *self, int64_t now_ms)
{
    self->since_ms = now_ms;
}


void
retry_failed (retry_t *self, int64_t now_ms)
{
    if (self->since_ms && now_ms - self->since_ms > RETRY_LAST_MS)
        self->delay_ms = 0;
    self->since_ms = 0;
    self->delay_ms = self->delay_ms ? 2 * self->delay_ms : RETRY_FIRST_MS;
    if (self->delay_ms > RETRY_LAST_MS)
        self->delay_ms = RETRY_LAST_MS;
    self->due_ms = now_ms + self->delay_ms;
}
