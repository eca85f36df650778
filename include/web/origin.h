/*  =========================================================================
    origin - whose page it was that sent a request

    A browser says so in Origin, whenever a page asks for something that it
    could not have had as a picture, or that changes something.
    =========================================================================
*/

#ifndef WEB_ORIGIN_H
#define WEB_ORIGIN_H

#include <stdbool.h>

//  Return true if the origin, http://HOST or https://HOST, is this Host, port
//  included.
bool
origin_is_host (const char *origin, const char *host);

//  Return true if the origin is in the list, which has blanks between them, or
//  the list is *.
bool
origin_is_listed (const char *origin, const char *list);

//  Return true if the Host, without its port if it has one, is one of the names
//  in the list.
bool
origin_is_listed_host (const char *host, const char *list);

#endif
