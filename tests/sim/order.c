/*  =========================================================================
    order - the order of locations, as it is or as it might be
    =========================================================================
*/

#include "sim/order.h"

#include "core/location.h"

//  The linker is told --wrap=location_compare: calls go to the first, and the
//  second is the product's
location_order_t
order_called (const location_t *one, const location_t *other) __asm__(
    "__wrap_location_compare");
location_order_t
order_product (const location_t *one, const location_t *other) __asm__(
    "__real_location_compare");

static bool s_alone;


void
order_by_stamps_alone (bool alone)
{
    s_alone = alone;
}


location_order_t
order_called (const location_t *one, const location_t *other)
{
    if (!s_alone)
        return order_product (one, other);
    int order = instant_compare (one->stamped, other->stamped);
    return order < 0   ? LOCATION_OLDER
           : order > 0 ? LOCATION_NEWER
                       : LOCATION_SAME;
}
