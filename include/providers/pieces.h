/*  =========================================================================
    pieces - a provider's JSON, read piece by piece

    jansson refuses a text whole for one escape that is half a character, or one
    number that is too large for it.  So what a provider lists is cut first, and
    each piece read by itself: one that is no good is one result less.
    =========================================================================
*/

#ifndef PROVIDERS_PIECES_H
#define PROVIDERS_PIECES_H

#include "base/span.h"

#include <jansson.h>

//  Read an object as a new reference.  Elements of the array under the key list
//  are left out if jansson does not read them; any other member that it does
//  not read is null.  Returns NULL if the text is no object, has a key twice,
//  or has elements of which none is read: then nothing was found out.
json_t *
pieces_read (span_t text, const char *list);

#endif
