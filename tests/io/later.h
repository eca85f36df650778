/*  =========================================================================
    later - a clock that tests put forward

    It goes as the system's does, but a test need not wait: what is said to
    happen after a minute happens when the test says that a minute has passed,
    however fast the machine is.  Takes the place of loop/clock in all io tests.
    =========================================================================
*/

#ifndef TESTS_IO_LATER_H
#define TESTS_IO_LATER_H

#include <stdint.h>

//  Let so many milliseconds pass.  What a loop calls may call this, too, as if
//  its work took so long.
void
later_by (int64_t ms);

#endif
