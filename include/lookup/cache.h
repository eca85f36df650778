/*  =========================================================================
    cache - answers that may be kept for a while

    An LRU cache, bounded in bytes and in time: what was asked for least
    recently goes first.
    Only for providers whose terms allow keeping answers.
    =========================================================================
*/

#ifndef LOOKUP_CACHE_H
#define LOOKUP_CACHE_H

#include "base/span.h"

typedef struct cache_t cache_t;

//  Make an empty cache of so many bytes, for so many milliseconds.  Never
//  returns NULL.
cache_t *
cache_new (size_t size_max, int64_t ttl_ms);

//  Let it have so many bytes, and keep answers for so long, from now on; those
//  that are there, too.
void
cache_limit (cache_t *self, size_t size_max, int64_t ttl_ms);

//  Free the cache and set *self_p to NULL.
void
cache_destroy (cache_t **self_p);

//  Keep a copy of the body under a copy of the key, in place of what was there.
//  One that is larger than the cache is not kept.
void
cache_put (cache_t *self, const char *key, span_t body, int64_t clock_ms);

//  Return true and the body, good until the next cache_put, or false.
bool
cache_find (cache_t *self, const char *key, int64_t clock_ms, span_t *body);

#endif
