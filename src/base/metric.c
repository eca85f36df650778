/*  =========================================================================
    metric - a number that a room counts or measures, and how it is shown
    =========================================================================
*/

#include "base/metric.h"

#include <assert.h>


int64_t
metric_value (const metric_t *self, const void *structure)
{
    const void *field = (const char *) structure + self->offset;
    switch (self->kind) {
    case METRIC_COUNT:
    case METRIC_SIZE:
        return (int64_t) * (const uint64_t *) field;
    case METRIC_GAUGE:
    case METRIC_TIME:
    case METRIC_SPENT:
        return *(const int64_t *) field;
    case METRIC_TRUTH:
        return *(const bool *) field;
    case METRIC_DURATIONS:
        return (int64_t) durations_count (field);
    }
    return 0;
}


const durations_t *
metric_durations (const metric_t *self, const void *structure)
{
    assert (self->kind == METRIC_DURATIONS);
    return (const durations_t *) (const void *) ((const char *) structure +
                                                 self->offset);
}
