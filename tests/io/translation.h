/*  =========================================================================
    translation - what an API makes of a provider's answer
    =========================================================================
*/

#ifndef TESTS_IO_TRANSLATION_H
#define TESTS_IO_TRANSLATION_H

#include "providers/api.h"

#include <jansson.h>

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

//  Return what the api makes of the body, checked to be a good legacy
//  answer; NULL if it makes nothing of it.  The caller frees it.
char *
translation_text (const api_t *api, long status, const char *body);

//  The api makes this of it, byte for byte.
void
translation_is (
    const api_t *api, long status, const char *body, const char *expected);

//  It makes nothing of it.
void
translation_none (const api_t *api, long status, const char *body);

//  It makes a failure with this status of it.
void
translation_fails (
    const api_t *api, long status, const char *body, const char *word);

//  The first result has, as JSON, this under that key: NULL = nothing.
void
translation_has (
    const api_t *api, const char *body, const char *key, const char *expected);

//  The results have these names, in that order, with "," between them.
void
translation_names (const api_t *api, const char *body, const char *expected);

//  In the body, put anything JSON has into the place of every single value, in
//  turn: the api makes nothing of it, or a good answer.
void
translation_survives (const api_t *api, const char *body);

#endif
