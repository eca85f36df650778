/*  =========================================================================
    position - the body of a PUT: where a client is

        {"latitude": 34.068930, "longitude": -118.445127,
         "stamp": 1479413884.392014450}

    Digits stay as they are.  The stamp, POSIX time, may be a text as well, and
    may be missing.  Other numbers, texts and words are passed over.
    =========================================================================
*/

#ifndef REPORTS_POSITION_H
#define REPORTS_POSITION_H

#include "reports/fix.h"

//  Read the body into place and stamp.  Returns NULL or, in words, what is
//  wrong with it.
const char *
position_read (fix_t *self, span_t body);

#endif
