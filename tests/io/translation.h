/*  =========================================================================
    translation - what a dialect makes of a provider's answer
    =========================================================================
*/

#ifndef TESTS_IO_TRANSLATION_H
#define TESTS_IO_TRANSLATION_H

#include "providers/dialect.h"

#include <jansson.h>

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

//  Return what the dialect makes of the body, checked to be a good legacy
//  answer; NULL if it makes nothing of it.  The caller frees it.
char *
translation_text (const dialect_t *dialect, long status, const char *body);

//  The dialect makes this of it, byte for byte.
void
translation_is (const dialect_t *dialect, long status, const char *body,
    const char *expected);

//  It makes nothing of it.
void
translation_none (const dialect_t *dialect, long status, const char *body);

//  It makes a failure with this status of it.
void
translation_fails (
    const dialect_t *dialect, long status, const char *body, const char *word);

//  The first result has, as JSON, this under that key: NULL = nothing.
void
translation_has (const dialect_t *dialect, const char *body, const char *key,
    const char *expected);

//  The results have these names, in that order, with "," between them.
void
translation_names (
    const dialect_t *dialect, const char *body, const char *expected);

//  In the body, put anything JSON has into the place of every single value, in
//  turn: the dialect makes nothing of it, or a good answer.
void
translation_survives (const dialect_t *dialect, const char *body);

#endif
