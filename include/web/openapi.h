/*  =========================================================================
    openapi - docs/openapi.json, which is part of the program
    =========================================================================
*/

#ifndef WEB_OPENAPI_H
#define WEB_OPENAPI_H

#include <stddef.h>

//  Return a copy of the description, for the caller to free, and its size.
char *
openapi_copy (size_t *size);

#endif
