/*  =========================================================================
    api - how one kind of Places provider is asked, and answers

    Each kind is a room of its own (nearby, google, overpass).  Whatever it
    says, what comes out is an answer of Google's legacy Nearby Search.
    =========================================================================
*/

#ifndef PROVIDERS_API_H
#define PROVIDERS_API_H

#include "providers/transport.h"

//  Room for any of the texts of a question, with a NUL.
#define API_TEXT_SIZE 32

//  Around what, as decimal numbers for a URL or JSON.
typedef struct {
    char latitude [API_TEXT_SIZE];   //  Degrees, nine decimals at most
    char longitude [API_TEXT_SIZE];  //  Degrees
    char radius [API_TEXT_SIZE];     //  Metres, three decimals at most
} api_question_t;

//  Where to ask.
typedef struct {
    const char *url;     //  As in the topology file
    const char *key;     //  API key or NULL
    bool full;           //  Ask for all fields, though they cost more
    int64_t timeout_ms;  //  Nobody waits for longer
} api_access_t;

typedef struct {
    const char *name;  //  As in the topology file

    //  Fill in url, headers and post of the request.  The only function that
    //  sees the key.
    void (*ask) (const api_access_t *access, const api_question_t *question,
        transport_request_t *request);

    //  Return the legacy answer as a fresh string, its bytes in *size, or NULL
    //  if this is no answer.  NULL instead of a function: the body of an HTTP
    //  200 is the answer as it is.
    char *(*translate) (long status, span_t body, size_t *size);
} api_t;

extern const api_t api_nearby;    //  Google's legacy Nearby Search
extern const api_t api_google;    //  Google's Places API (New)
extern const api_t api_overpass;  //  OpenStreetMap's Overpass API

//  Return the api of that name, or NULL.
const api_t *
api_find (const char *name);

//  Write the question for a valid place of ISO 6709; degrees beyond nine
//  decimals, which is below a millimetre, are left out.
void
api_write_question (api_question_t *question, span_t place, uint32_t radius_mm);

#endif
