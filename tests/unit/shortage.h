/*  =========================================================================
    shortage - memory that runs out when a test says so

    Unit tests are linked so that what they and the core allocate goes by here.
    =========================================================================
*/

#ifndef TESTS_UNIT_SHORTAGE_H
#define TESTS_UNIT_SHORTAGE_H

#include <stddef.h>

//  Of the requests for at least so many bytes let the next few succeed, and all
//  later ones fail.
void
shortage_begin (size_t few, size_t size);

//  Let all succeed again.  Returns how many there were since shortage_begin,
//  those that failed included.
size_t
shortage_end (void);

#endif
