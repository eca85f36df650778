/*  =========================================================================
    spare - memory that the table leaves to the rest of the server

    A table that finds no memory refuses new clients; whatever else finds none
    ends the process.  So the table does not take the last there is.
    =========================================================================
*/

#ifndef BASE_SPARE_H
#define BASE_SPARE_H

#include <stdbool.h>
#include <stddef.h>

//  What must be left, and how little may be taken without asking.
#define SPARE_SIZE ((size_t) 64 << 20)
#define SPARE_FREE_SIZE ((size_t) 1 << 20)

//  Return true if so many bytes more can be allocated and SPARE_SIZE be left.
//  Nothing is taken.
bool
spare_is_left (size_t size);

//  Allocate like calloc, but only if SPARE_SIZE is left.
void *
spare_calloc (size_t count, size_t size);

#endif
