/*  =========================================================================
    translated - whatever a provider says, what comes out is good
    =========================================================================
*/

#ifndef TESTS_FUZZ_TRANSLATED_H
#define TESTS_FUZZ_TRANSLATED_H

#include "providers/api.h"

//  Have the api translate the input: its first byte chooses the HTTP
//  status, the rest is the body.  It is no answer, or becomes one that the core
//  takes, jansson too, with results, credits and a status of the legacy API.
void
translated_check (const api_t *api, const uint8_t *data, size_t size);

#endif
