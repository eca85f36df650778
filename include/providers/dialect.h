/*  =========================================================================
    dialect - how one kind of Places provider is asked, and answers

    Each kind is a room of its own (nearby, google, overpass).  Whatever it
    says, what comes out is an answer of Google's legacy Nearby Search.
    =========================================================================
*/

#ifndef PROVIDERS_DIALECT_H
#define PROVIDERS_DIALECT_H

#include "providers/transport.h"

//  Room for any of the texts of a question, with a NUL.
#define DIALECT_TEXT_SIZE 32

//  Around what, as decimal numbers for a URL or JSON.
typedef struct {
    char latitude [DIALECT_TEXT_SIZE];   //  Degrees, nine decimals at most
    char longitude [DIALECT_TEXT_SIZE];  //  Degrees
    char radius [DIALECT_TEXT_SIZE];     //  Metres, three decimals at most
} dialect_question_t;

//  Where to ask.
typedef struct {
    const char *url;     //  As in the topology file
    const char *key;     //  API key or NULL
    bool full;           //  Ask for all fields, though they cost more
    int64_t timeout_ms;  //  Nobody waits for longer
} dialect_access_t;

typedef struct {
    const char *name;  //  As in the topology file

    //  Fill in url, headers and post of the request.  The only function that
    //  sees the key.
    void (*ask) (const dialect_access_t *access,
        const dialect_question_t *question, transport_request_t *request);

    //  Return the legacy answer as a fresh string, its bytes in *size, or NULL
    //  if this is no answer.  NULL instead of a function: the body of an HTTP
    //  200 is the answer as it is.
    char *(*translate) (long status, span_t body, size_t *size);
} dialect_t;

extern const dialect_t dialect_nearby;    //  Google's legacy Nearby Search
extern const dialect_t dialect_google;    //  Google's Places API (New)
extern const dialect_t dialect_overpass;  //  OpenStreetMap's Overpass API

//  Return the dialect of that name, or NULL.
const dialect_t *
dialect_find (const char *name);

//  Write the question for a valid place of ISO 6709; degrees beyond nine
//  decimals, which is below a millimetre, are left out.
void
dialect_write_question (
    dialect_question_t *question, span_t place, uint32_t radius_mm);

#endif
