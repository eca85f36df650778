/*  =========================================================================
    resolver - finds the addresses of names, and waits for nobody
    =========================================================================
*/

#include "loop/resolver.h"

#include "loop/sockaddr.h"
#include "loop/thread.h"

#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <unistd.h>

//  A question, then its answer
typedef struct question_t question_t;

//  Where threads leave their answers.  The last to let go frees it: the
//  resolver or a thread
typedef struct {
    pthread_mutex_t mutex;  //  Over all below
    unsigned owners;        //  The resolver, and threads
    bool closed;            //  The resolver is gone
    question_t *answered;   //  A list
    int fd;                 //  An eventfd: there may be some
} mailbox_t;

struct question_t {
    char *name;
    mailbox_t *mailbox;
    resolved_t resolved;
    question_t *next;  //  Of those answered
};

struct resolver_t {
    poller_t *poller;
    resolved_fn *done;
    void *context;
    mailbox_t *mailbox;
    watcher_t watcher;  //  Of its eventfd
};


static void
s_let_go (mailbox_t *mailbox)
{
    pthread_mutex_lock (&mailbox->mutex);
    unsigned owners = --mailbox->owners;
    pthread_mutex_unlock (&mailbox->mutex);
    if (owners)
        return;
    close (mailbox->fd);
    pthread_mutex_destroy (&mailbox->mutex);
    free (mailbox);
}


static void
s_free (question_t **question_p)
{
    free ((*question_p)->name);
    free (*question_p);
    *question_p = NULL;
}


static void
s_add (resolved_t *resolved, const struct sockaddr *found)
{
    address_t address;
    if (resolved->count == RESOLVER_ADDRESSES_MAX ||
        !sockaddr_read (found, &address, NULL) ||
        address_is_link_local (&address))
        return;
    for (size_t index = 0; index < resolved->count; index++)
        if (address_equal (&resolved->addresses [index], &address))
            return;
    resolved->addresses [resolved->count++] = address;
}


static void
s_resolve (question_t *question)
{
    static const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    resolved_t *resolved = &question->resolved;
    int code = getaddrinfo (question->name, NULL, &hints, &found);
    for (const struct addrinfo *at = found; at; at = at->ai_next)
        s_add (resolved, at->ai_addr);
    if (found)
        freeaddrinfo (found);
    if (resolved->count == 0)
        resolved->reason = code ? gai_strerror (code) : "no usable address";
}


//  Whoever reads the number finds all answers: what it is does not matter

static void
s_leave (question_t *question)
{
    mailbox_t *mailbox = question->mailbox;
    uint64_t one = 1;
    pthread_mutex_lock (&mailbox->mutex);
    if (mailbox->closed)
        s_free (&question);
    else {
        question->next = mailbox->answered;
        mailbox->answered = question;
        (void) !write (mailbox->fd, &one, sizeof (one));
    }
    pthread_mutex_unlock (&mailbox->mutex);
    s_let_go (mailbox);
}


static void *
s_run (void *argument)
{
    s_resolve (argument);
    s_leave (argument);
    return NULL;
}


static question_t *
s_take_all (mailbox_t *mailbox)
{
    pthread_mutex_lock (&mailbox->mutex);
    question_t *answered = mailbox->answered;
    mailbox->answered = NULL;
    pthread_mutex_unlock (&mailbox->mutex);
    return answered;
}


static void
s_answered (void *context, uint32_t events)
{
    resolver_t *self = context;
    uint64_t count;
    (void) events;
    (void) !read (self->mailbox->fd, &count, sizeof (count));
    question_t *question = s_take_all (self->mailbox);
    while (question) {
        question_t *next = question->next;
        self->done (self->context, &question->resolved);
        s_free (&question);
        question = next;
    }
}


resolver_t *
resolver_new (poller_t *poller, resolved_fn *done, void *context)
{
    resolver_t *self = zmalloc (sizeof (resolver_t));
    self->poller = poller;
    self->done = done;
    self->context = context;
    self->mailbox = zmalloc (sizeof (mailbox_t));
    self->mailbox->owners = 1;
    self->mailbox->fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
    int rc = pthread_mutex_init (&self->mailbox->mutex, NULL);
    assert (rc == 0);
    self->watcher = (watcher_t){
        .fd = self->mailbox->fd, .ready = s_answered, .context = self};
    if (self->mailbox->fd < 0 ||
        poller_add (poller, &self->watcher, EPOLLIN) == -1)
        resolver_destroy (&self);
    return self;
}


void
resolver_destroy (resolver_t **self_p)
{
    resolver_t *self = *self_p;
    if (self) {
        int error = errno;
        poller_drop (self->poller, &self->watcher);
        pthread_mutex_lock (&self->mailbox->mutex);
        self->mailbox->closed = true;
        pthread_mutex_unlock (&self->mailbox->mutex);
        question_t *question = s_take_all (self->mailbox);
        while (question) {
            question_t *next = question->next;
            s_free (&question);
            question = next;
        }
        s_let_go (self->mailbox);
        free (self);
        *self_p = NULL;
        errno = error;
    }
}


void
resolver_ask (resolver_t *self, const char *name, size_t asker)
{
    pthread_t thread;
    question_t *question = zmalloc (sizeof (question_t));
    question->name = strdup (name);
    assert (question->name);
    question->mailbox = self->mailbox;
    question->resolved.asker = asker;
    pthread_mutex_lock (&self->mailbox->mutex);
    bool full = self->mailbox->owners++ > RESOLVER_QUESTIONS_MAX;
    pthread_mutex_unlock (&self->mailbox->mutex);
    int code = full ? EAGAIN : thread_start (&thread, s_run, question);
    if (code == 0)
        pthread_detach (thread);
    else {
        question->resolved.reason = strerror (code);
        s_leave (question);
    }
}
