/*  =========================================================================
    mailbox - a bounded queue of letters between two threads
    =========================================================================
*/

#include "gateway/mailbox.h"

#include "loop/thread.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct mailbox_t {
    size_t size_max;
    pthread_mutex_t lock;  //  For what follows
    pthread_cond_t filled;
    pthread_cond_t emptied;
    letter_t *first;
    letter_t **last_next;
    size_t size;
    bool woken;
    bool closed;
};


//  Copy the text to where there is room, with a NUL behind it

static char *
s_copy (char **room, span_t text)
{
    char *to = *room;
    if (text.size)
        memcpy (to, text.data, text.size);
    to [text.size] = '\0';
    *room += text.size + 1;
    return to;
}


letter_t *
letter_new (letter_kind_t kind, uint64_t connection, const char *subject,
    const char *reply, span_t text)
{
    span_t head = span_of (subject);
    span_t back = span_of (reply ? reply : "");
    letter_t *self =
        malloc (sizeof (letter_t) + head.size + back.size + text.size + 3);
    assert (self);
    char *room = (char *) (self + 1);
    *self = (letter_t){.kind = kind, .connection = connection};
    self->subject = s_copy (&room, head);
    back.data = s_copy (&room, back);
    self->reply = reply ? back.data : NULL;
    self->text = (span_t){s_copy (&room, text), text.size};
    return self;
}


void
letter_destroy (letter_t **self_p)
{
    free (*self_p);
    *self_p = NULL;
}


//  What it takes of a mailbox; the NULs do not count

static size_t
s_size (const letter_t *letter)
{
    return sizeof (letter_t) + strlen (letter->subject) +
           (letter->reply ? strlen (letter->reply) : 0) + letter->text.size;
}


mailbox_t *
mailbox_new (size_t size_max)
{
    mailbox_t *self = calloc (1, sizeof (mailbox_t));
    assert (self);
    self->size_max = size_max;
    self->last_next = &self->first;
    pthread_mutex_init (&self->lock, NULL);
    thread_make_condition (&self->filled);
    thread_make_condition (&self->emptied);
    return self;
}


void
mailbox_destroy (mailbox_t **self_p)
{
    mailbox_t *self = *self_p;
    if (self) {
        letter_t *letter;
        while ((letter = mailbox_take (self)))
            letter_destroy (&letter);
        pthread_mutex_destroy (&self->lock);
        pthread_cond_destroy (&self->filled);
        pthread_cond_destroy (&self->emptied);
        free (self);
        *self_p = NULL;
    }
}


bool
mailbox_has_room (mailbox_t *self)
{
    pthread_mutex_lock (&self->lock);
    bool has = self->size < self->size_max;
    pthread_mutex_unlock (&self->lock);
    return has;
}


static void
s_put (mailbox_t *self, letter_t **letter_p, bool waits)
{
    letter_t *letter = *letter_p;
    *letter_p = NULL;
    pthread_mutex_lock (&self->lock);
    while (waits && self->size >= self->size_max && !self->closed)
        pthread_cond_wait (&self->emptied, &self->lock);
    if (!self->closed) {
        letter->next = NULL;
        *self->last_next = letter;
        self->last_next = &letter->next;
        self->size += s_size (letter);
        letter = NULL;
        pthread_cond_signal (&self->filled);
    }
    pthread_mutex_unlock (&self->lock);
    letter_destroy (&letter);
}


void
mailbox_put (mailbox_t *self, letter_t **letter_p)
{
    s_put (self, letter_p, true);
}


void
mailbox_add (mailbox_t *self, letter_t **letter_p)
{
    s_put (self, letter_p, false);
}


//  Under the lock

static letter_t *
s_take (mailbox_t *self)
{
    letter_t *letter = self->first;
    if (letter) {
        self->first = letter->next;
        if (!self->first)
            self->last_next = &self->first;
        self->size -= s_size (letter);
        pthread_cond_signal (&self->emptied);
    }
    return letter;
}


letter_t *
mailbox_take (mailbox_t *self)
{
    pthread_mutex_lock (&self->lock);
    letter_t *letter = s_take (self);
    pthread_mutex_unlock (&self->lock);
    return letter;
}


letter_t *
mailbox_await (mailbox_t *self, int64_t until_ms)
{
    pthread_mutex_lock (&self->lock);
    while (!self->first && !self->closed && !self->woken &&
           thread_wait (&self->filled, &self->lock, until_ms))
        ;
    self->woken = false;
    letter_t *letter = s_take (self);
    pthread_mutex_unlock (&self->lock);
    return letter;
}


void
mailbox_wake (mailbox_t *self)
{
    pthread_mutex_lock (&self->lock);
    self->woken = true;
    pthread_cond_signal (&self->filled);
    pthread_mutex_unlock (&self->lock);
}


void
mailbox_close (mailbox_t *self)
{
    pthread_mutex_lock (&self->lock);
    self->closed = true;
    pthread_cond_broadcast (&self->filled);
    pthread_cond_broadcast (&self->emptied);
    pthread_mutex_unlock (&self->lock);
}
