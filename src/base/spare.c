/*  =========================================================================
    spare - memory that the table leaves to the rest of the server
    =========================================================================
*/

#include "base/spare.h"

#include <stdlib.h>


//  What is allocated and not written to costs nothing.  volatile, so that the
//  compiler does not think it away

bool
spare_is_left (size_t size)
{
    if (size <= SPARE_FREE_SIZE)
        return true;
    void *volatile probe = malloc (size + SPARE_SIZE);
    free (probe);
    return probe != NULL;
}


void *
spare_calloc (size_t count, size_t size)
{
    return spare_is_left (count * size) ? calloc (count, size) : NULL;
}
