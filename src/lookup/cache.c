/*  =========================================================================
    cache - answers that may be kept for a while
    =========================================================================
*/

#include "lookup/cache.h"

#include <assert.h>
#include <czmq.h>

typedef struct {
    char *key;
    char *body;
    size_t size;
    int64_t put_ms;
    void *handle;  //  Its place in the order
} entry_t;

struct cache_t {
    size_t size_max;
    int64_t ttl_ms;
    size_t size;
    zhashx_t *entries;  //  By key
    zlistx_t *order;    //  Least recently asked for first
};


cache_t *
cache_new (size_t size_max, int64_t ttl_ms)
{
    cache_t *self = zmalloc (sizeof (cache_t));
    self->size_max = size_max;
    self->ttl_ms = ttl_ms;
    self->entries = zhashx_new ();
    zhashx_set_key_duplicator (self->entries, NULL);
    zhashx_set_key_destructor (self->entries, NULL);
    self->order = zlistx_new ();
    return self;
}


static size_t
s_cost (const entry_t *entry)
{
    return sizeof (entry_t) + strlen (entry->key) + entry->size;
}


static void
s_drop (cache_t *self, entry_t *entry)
{
    self->size -= s_cost (entry);
    zhashx_delete (self->entries, entry->key);
    zlistx_detach (self->order, entry->handle);
    free (entry->key);
    free (entry->body);
    free (entry);
}


static void
s_shrink (cache_t *self)
{
    while (self->size > self->size_max)
        s_drop (self, zlistx_first (self->order));
}


void
cache_destroy (cache_t **self_p)
{
    cache_t *self = *self_p;
    if (self) {
        entry_t *entry;
        while ((entry = zlistx_first (self->order)))
            s_drop (self, entry);
        zhashx_destroy (&self->entries);
        zlistx_destroy (&self->order);
        free (self);
        *self_p = NULL;
    }
}


void
cache_put (cache_t *self, const char *key, span_t body, int64_t clock_ms)
{
    entry_t *old = zhashx_lookup (self->entries, key);
    if (old)
        s_drop (self, old);
    if (sizeof (entry_t) + strlen (key) + body.size > self->size_max)
        return;
    entry_t *entry = zmalloc (sizeof (entry_t));
    entry->key = strdup (key);
    entry->body = malloc (body.size + 1);
    assert (entry->key && entry->body);
    if (body.size)
        memcpy (entry->body, body.data, body.size);
    entry->size = body.size;
    entry->put_ms = clock_ms;
    entry->handle = zlistx_add_end (self->order, entry);
    zhashx_insert (self->entries, entry->key, entry);
    self->size += s_cost (entry);
    s_shrink (self);
}


void
cache_limit (cache_t *self, size_t size_max, int64_t ttl_ms)
{
    self->size_max = size_max;
    self->ttl_ms = ttl_ms;
    s_shrink (self);
}


bool
cache_find (cache_t *self, const char *key, int64_t clock_ms, span_t *body)
{
    entry_t *entry = zhashx_lookup (self->entries, key);
    //  One that is too old stays: somebody may still be using its body
    if (!entry || clock_ms >= entry->put_ms + self->ttl_ms)
        return false;
    zlistx_move_end (self->order, entry->handle);
    *body = (span_t){entry->body, entry->size};
    return true;
}
