/*  =========================================================================
    token - a query and a page of its results, as a text to come back with

    A token holds all that it stands for, so nothing is kept for it, and a
    seal, so that only whoever made it can have made it.  Whoever holds it can
    read it: it is no secret, only nobody's to change.
    =========================================================================
*/

#ifndef PLACES_TOKEN_H
#define PLACES_TOKEN_H

#include "places/gazetteer.h"

//  Most bytes of a query's text, and of a token, NUL included.
#define TOKEN_TEXT_MAX 255
#define TOKEN_SIZE_MAX 1152

//  A page asked for.
typedef struct {
    gazetteer_query_t query;
    unsigned page;  //  From 0, at most 255
} token_ask_t;

typedef struct token_t token_t;

//  Make a maker of tokens, with a fresh random key.
token_t *
token_new (void);

//  Free it and set *self_p to NULL; its tokens are worth nothing from now on.
void
token_destroy (token_t **self_p);

//  Return the token; good until the next one is written.
//  No text of the query may have more than TOKEN_TEXT_MAX bytes.
const char *
token_write (token_t *self, const token_ask_t *ask);

//  Read a token.  Returns false, leaving *ask alone, if we did not make it. The
//  texts are good until the next token is read.
bool
token_read (token_t *self, const char *text, token_ask_t *ask);

#endif
