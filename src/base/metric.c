/*  =========================================================================
    metric - a number that a room counts or measures, and how it is shown
    =========================================================================
*/

#include "base/metric.h"


int64_t
metric_value (const metric_t *self, const void *structure)
{
    const void *field = (const char *) structure + self->offset;
    switch (self->kind) {
    case METRIC_COUNT:
    case METRIC_SIZE:
        return (int64_t) * (const uint64_t *) field;
    case METRIC_GAUGE:
        return *(const int64_t *) field;
    case METRIC_TRUTH:
        return *(const bool *) field;
    }
    return 0;
}
