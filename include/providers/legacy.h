/*  =========================================================================
    legacy - a provider's JSON as an answer of Google's legacy Places

    What is not of the kind that is wanted is left out: so nonsense becomes
    less of an answer, never a bad one.
    =========================================================================
*/

#ifndef PROVIDERS_LEGACY_H
#define PROVIDERS_LEGACY_H

#include "page/google_status.h"
#include "page/layout.h"

#include <jansson.h>

//  Write the members of the result that a provider's place is.
typedef void (legacy_place_fn) (layout_t *out, json_t *place);

//  Return an answer as a fresh string, its bytes in *size: those credits, an
//  array of texts, and a result for each of the places that is an object.
char *
legacy_answer (
    json_t *credits, json_t *places, legacy_place_fn *place, size_t *size);

//  Put a text, an array of texts, or a number: nothing if value is none.
void
legacy_text (layout_t *out, const char *key, json_t *value);

void
legacy_texts (layout_t *out, const char *key, json_t *value);

void
legacy_number (layout_t *out, const char *key, json_t *value);

//  Return <a href="uri">name</a>, both escaped for HTML, or just the name if
//  uri is NULL: a new reference.  Returns NULL if name is.
json_t *
legacy_anchor (const char *uri, const char *name);

//  Return Google's status if by this status of an answer, or of HTTP where
//  there is no answer, the provider says not to ask it for now; else
//  GOOGLE_NONE.
google_status_t
legacy_refusal (google_status_t status);

google_status_t
legacy_refusal_http (long status);

#endif
