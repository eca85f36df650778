/*  =========================================================================
    chunks - a bounded queue between the loop and the thread that has the disk
    =========================================================================
*/

#include "store/chunks.h"

#include "loop/thread.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct chunks_t {
    unsigned count;
    chunk_t *chunks;
    char *memory;
    unsigned last;   //  To be put next; the putter's own
    unsigned first;  //  To be taken next; the taker's own
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned full;    //  Chunks in the queue; under the lock
    unsigned urgent;  //  Those that are not paced; the same
    bool closed;      //  The same
};


chunks_t *
chunks_new (unsigned count)
{
    const size_t size = BLOCK_HEAD_SIZE + BLOCK_TEXT_SIZE_MAX;
    chunks_t *self = calloc (1, sizeof (chunks_t));
    assert (self);
    self->count = count;
    self->chunks = calloc (count, sizeof (chunk_t));
    self->memory = malloc (count * size);
    assert (self->chunks && self->memory);
    for (unsigned at = 0; at < count; at++)
        self->chunks [at].text = self->memory + at * size + BLOCK_HEAD_SIZE;
    pthread_mutex_init (&self->lock, NULL);
    thread_make_condition (&self->changed);
    return self;
}


void
chunks_destroy (chunks_t **self_p)
{
    chunks_t *self = *self_p;
    if (self) {
        pthread_mutex_destroy (&self->lock);
        pthread_cond_destroy (&self->changed);
        free (self->memory);
        free (self->chunks);
        free (self);
        *self_p = NULL;
    }
}


chunk_t *
chunks_room (chunks_t *self, bool wait)
{
    pthread_mutex_lock (&self->lock);
    while (wait && self->full == self->count && !self->closed)
        pthread_cond_wait (&self->changed, &self->lock);
    bool has = self->full < self->count && !(wait && self->closed);
    pthread_mutex_unlock (&self->lock);
    if (!has)
        return NULL;
    chunk_t *chunk = &self->chunks [self->last];
    *chunk = (chunk_t){.text = chunk->text};
    return chunk;
}


//  The queue has one chunk more, or less

static void
s_add (chunks_t *self, bool paced, int change)
{
    pthread_mutex_lock (&self->lock);
    self->full = (unsigned) ((int) self->full + change);
    assert (self->full <= self->count);
    if (!paced)
        self->urgent = (unsigned) ((int) self->urgent + change);
    pthread_cond_signal (&self->changed);
    pthread_mutex_unlock (&self->lock);
}


void
chunks_put (chunks_t *self)
{
    bool paced = self->chunks [self->last].paced;
    self->last = (self->last + 1) % self->count;
    s_add (self, paced, 1);
}


unsigned
chunks_free (chunks_t *self)
{
    pthread_mutex_lock (&self->lock);
    unsigned count = self->count - self->full;
    pthread_mutex_unlock (&self->lock);
    return count;
}


chunk_t *
chunks_first (chunks_t *self, bool wait)
{
    pthread_mutex_lock (&self->lock);
    while (wait && self->full == 0 && !self->closed)
        pthread_cond_wait (&self->changed, &self->lock);
    bool has = self->full > 0;
    pthread_mutex_unlock (&self->lock);
    return has ? &self->chunks [self->first] : NULL;
}


void
chunks_rest (chunks_t *self, int64_t until_ms)
{
    pthread_mutex_lock (&self->lock);
    while (self->urgent == 0 && !self->closed &&
           thread_wait (&self->changed, &self->lock, until_ms))
        ;
    pthread_mutex_unlock (&self->lock);
}


void
chunks_drop (chunks_t *self)
{
    bool paced = self->chunks [self->first].paced;
    self->first = (self->first + 1) % self->count;
    s_add (self, paced, -1);
}


void
chunks_close (chunks_t *self)
{
    pthread_mutex_lock (&self->lock);
    self->closed = true;
    pthread_cond_broadcast (&self->changed);
    pthread_mutex_unlock (&self->lock);
}
