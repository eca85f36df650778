/*  =========================================================================
    order - the order of locations, as it is or as it might be

    The simulator is linked so that all that the product calls for an order of
    two locations comes here.  It shows what the product's own order is for.
    =========================================================================
*/

#ifndef SIM_ORDER_H
#define SIM_ORDER_H

#include <stdbool.h>

//  From now on order locations by their stamps alone, or as the product does,
//  which is so at the start.
void
order_by_stamps_alone (bool alone);

#endif
