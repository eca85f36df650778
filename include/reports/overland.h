/*  =========================================================================
    overland - the batches of Overland

    A body is {"locations": [Feature, ...], "current": Feature}, each a point of
    GeoJSON, longitude first, with its device_id, or unique_id if that is empty,
    and its timestamp.
    =========================================================================
*/

#ifndef REPORTS_OVERLAND_H
#define REPORTS_OVERLAND_H

#include "reports/fix.h"

//  Features in a body, as many as the app can be told to send at once.
#define OVERLAND_FEATURES_MAX 1000

//  Give each fix of the body to each, the newest first if the body has it
//  apart; FIX_NONE if there is none.  What is no fix is passed over.
fix_outcome_t
overland_read (span_t body, fix_fn *each, void *context);

#endif
