/*  =========================================================================
    host - whose name a request's Host is

    A web page may read what is served under its own name, and whoever owns the
    name can have it point to our address (DNS rebinding).  So a port that asks
    for no password answers only to addresses and to names of its own.
    =========================================================================
*/

#ifndef HTTP_HOST_H
#define HTTP_HOST_H

#include <stdbool.h>

//  Return true if the text, with a port or without, is an IPv4 or [IPv6]
//  address in numbers, localhost, this machine's name, or one of these two; the
//  other may be NULL.
bool
host_is_own (const char *text, const char *name, const char *other);

#endif
