/*  =========================================================================
    ablation - the core without one of its rules
    =========================================================================
*/

#include "sim/ablation.h"

#include "flood/link.h"

//  The linker is told --wrap=NAME: calls go to the first, and the second is the
//  product's
location_order_t
ablation_compare (const location_t *one, const location_t *other) __asm__(
    "__wrap_location_compare");
location_order_t
product_compare (const location_t *one, const location_t *other) __asm__(
    "__real_location_compare");
size_t
ablation_room (const window_t *window) __asm__("__wrap_window_room");
size_t
product_room (const window_t *window) __asm__("__real_window_room");
void
ablation_acknowledge (link_t *link, uint64_t lsn, int64_t clock_ms,
    effects_t *effects) __asm__("__wrap_link_acknowledge");
void
product_acknowledge (link_t *link, uint64_t lsn, int64_t clock_ms,
    effects_t *effects) __asm__("__real_link_acknowledge");

static bool s_stamps_only;
static bool s_no_window;
static bool s_no_late_acks;


void
ablation_set (const world_options_t *options)
{
    s_stamps_only = options->stamps_only;
    s_no_window = options->no_window;
    s_no_late_acks = options->no_late_acks;
}


location_order_t
ablation_compare (const location_t *one, const location_t *other)
{
    if (!s_stamps_only)
        return product_compare (one, other);
    int order = instant_compare (one->stamped, other->stamped);
    return order < 0   ? LOCATION_OLDER
           : order > 0 ? LOCATION_NEWER
                       : LOCATION_SAME;
}


size_t
ablation_room (const window_t *window)
{
    return s_no_window ? MESSAGE_BODY_SIZE_MAX : product_room (window);
}


//  What was sent before the stream went back counts for nothing, and what is
//  not acknowledged for long is lost

void
ablation_acknowledge (
    link_t *link, uint64_t lsn, int64_t clock_ms, effects_t *effects)
{
    stream_t *stream = &link->stream;
    if (!s_no_late_acks) {
        product_acknowledge (link, lsn, clock_ms, effects);
        return;
    }
    if (lsn <= stream->position)
        stream_acknowledge (stream, lsn, clock_ms);
    if (stream_is_stalled (stream, clock_ms, FLOOD_SILENCE_MS))
        link_rewind (link, stream->acked, clock_ms, effects);
}
