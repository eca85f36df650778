/*  =========================================================================
    metric - a number that a room counts or measures, and how it is shown

    A room lists its numbers once, as X (kind, field, name, label, help):

        #define SHED_METRICS(X)                                     \
            X (COUNT, opened, "doors", "did=\"open\"", "Of doors.") \
            X (COUNT, closed, "doors", "did=\"close\"", "Of doors.")

    Both its structure (METRIC_FIELD) and what admin/metrics shows of it
    (METRIC_ROW) are made of the list, so a new number is a line there, and the
    place that counts it.
    =========================================================================
*/

#ifndef BASE_METRIC_H
#define BASE_METRIC_H

#include "base/durations.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

//  What a number tells, and how it is kept.
typedef enum {
    METRIC_COUNT,     //  How often, or how much, since the start: uint64_t
    METRIC_SIZE,      //  How much there is now: uint64_t
    METRIC_GAUGE,     //  What else there is now, also below zero: int64_t
    METRIC_TRUTH,     //  Whether it is so: bool
    METRIC_TIME,      //  A time in ms that Prometheus has in seconds: int64_t
    METRIC_SPENT,     //  A sum of such times since the start: int64_t
    METRIC_DURATIONS  //  How long things took: durations_t
} metric_kind_t;

#define METRIC_COUNT_TYPE uint64_t
#define METRIC_SIZE_TYPE uint64_t
#define METRIC_GAUGE_TYPE int64_t
#define METRIC_TRUTH_TYPE bool
#define METRIC_TIME_TYPE int64_t
#define METRIC_SPENT_TYPE int64_t
#define METRIC_DURATIONS_TYPE durations_t

typedef struct {
    metric_kind_t kind;  //
    const char *key;     //  In JSON: the name of the field
    const char *name;    //  For Prometheus, without prefix and "_total";
                         //  rows of one name stand together
    const char *label;   //  Like: outcome="new"; or NULL
    const char *help;    //  What it is; all rows of a name have one
    size_t offset;       //  Of the field in its structure
} metric_t;

//  A line of the list as a field of the structure.
#define METRIC_FIELD(kind, field, name, label, help) METRIC_##kind##_TYPE field;

//  And as a row of an array of metric_t, of this structure.
#define METRIC_ROW(type, kind, field, name, label, help)                       \
    {METRIC_##kind, #field, name, label, help, offsetof (type, field)},

//  Return the number in the structure; of durations how many there were.
int64_t
metric_value (const metric_t *self, const void *structure);

//  Return the durations in the structure, which it has.
const durations_t *
metric_durations (const metric_t *self, const void *structure);

#endif
