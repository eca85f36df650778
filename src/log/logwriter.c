/*  =========================================================================
    logwriter - a thread that writes log lines
    =========================================================================
*/

#include "log/logwriter.h"

#include "log/secret.h"
#include "loop/clock.h"
#include "loop/thread.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

//  Beyond this the other buffer is begun as soon as it is free: so both stay
//  short, and in the processor's cache, as long as the thread keeps up
#define ENOUGH_SIZE 262144

//  How often the thread tries to say that lines were lost
#define RETRY_MS 1000

//  The bytes up to ready are the thread's, those behind it the owner's
typedef struct {
    char *text;
    size_t size;     //  Bytes of lines; the owner's alone
    size_t ready;    //  Handed over; of these
    size_t written;  //  these are done with, written or lost
    uint64_t lost;   //  Lines that found no room behind these
} half_t;

struct logwriter_t {
    logfile_t *file;
    secret_t *secret;
    half_t buffers [2];
    uint64_t missed;  //  Lines that found no room; the owner's alone
    pthread_t thread;
    pthread_mutex_t lock;    //  For what follows, ready and written
    pthread_cond_t work;     //  There is something for the thread to do
    pthread_cond_t ended;    //  The thread has ended
    unsigned front;          //  The buffer that is filled
    unsigned back;           //  The one that is written; may be the same
    bool reopen;             //  Is wanted
    bool change;             //  The same, of
    uint64_t size_max;       //  this limit,
    secret_t *more;          //  and what else is to be hidden
    bool stop;               //  Write all, then end
    bool is_ended;           //
    bool left_alone;         //  Nobody waits for the thread: it frees us
    uint64_t missed_passed;  //  Of missed, those the file knows of
    uint64_t lost;           //  What the file has lost
};


static void
s_free (logwriter_t *self)
{
    pthread_cond_destroy (&self->work);
    pthread_cond_destroy (&self->ended);
    pthread_mutex_destroy (&self->lock);
    free (self->buffers [0].text);
    free (self->buffers [1].text);
    secret_destroy (&self->secret);
    secret_destroy (&self->more);
    logfile_destroy (&self->file);
    free (self);
}


//  Return true if what is written now will not grow any more, and all of it is
//  done with

static bool
s_is_over (const logwriter_t *self)
{
    const half_t *back = &self->buffers [self->back];
    return back->written == back->ready &&
           (self->back != self->front || self->stop);
}


//  Wait, under the lock, until there is something to do.  Returns false if all
//  is done and we are to end

static bool
s_await_work (logwriter_t *self)
{
    bool timely = true;
    while (timely) {
        const half_t *back = &self->buffers [self->back];
        bool over = s_is_over (self);
        if (back->written < back->ready || self->reopen || self->change ||
            (over && back->lost))
            return true;
        if (over && self->back == self->front)
            return false;
        if (over)
            self->back = self->front;
        else if (logfile_owes (self->file))
            timely =
                thread_wait (&self->work, &self->lock, clock_ms () + RETRY_MS);
        else
            pthread_cond_wait (&self->work, &self->lock);
    }
    return true;
}


//  Do what there is to do.  The lock is ours, but while we write

static void
s_work (logwriter_t *self)
{
    half_t *back = &self->buffers [self->back];
    span_t lines = {back->text + back->written, back->ready - back->written};
    uint64_t missed = 0;
    bool reopen = self->reopen;
    bool change = self->change;
    uint64_t size_max = self->size_max;
    secret_t *more = self->more;
    self->reopen = self->change = false;
    self->more = NULL;
    if (s_is_over (self)) {
        missed = back->lost;
        back->lost = 0;
    }
    pthread_mutex_unlock (&self->lock);
    if (reopen)
        logfile_reopen (self->file);
    if (change)
        logfile_limit (self->file, size_max);
    secret_join (&self->secret, &more);
    if (missed)
        logfile_miss (self->file, missed);
    secret_hide (self->secret, back->text + back->written, lines.size);
    logfile_write (self->file, lines);
    pthread_mutex_lock (&self->lock);
    back->written += lines.size;
    self->missed_passed += missed;
    self->lost = logfile_lost (self->file);
}


static void *
s_run (void *argument)
{
    logwriter_t *self = argument;
    pthread_mutex_lock (&self->lock);
    while (s_await_work (self))
        s_work (self);
    self->is_ended = true;
    pthread_cond_signal (&self->ended);
    bool left_alone = self->left_alone;
    pthread_mutex_unlock (&self->lock);
    if (left_alone)
        s_free (self);
    return NULL;
}


logwriter_t *
logwriter_new (const logfile_options_t *options, const char *key)
{
    logfile_t *file = logfile_new (options);
    if (!file)
        return NULL;
    logwriter_t *self = calloc (1, sizeof (logwriter_t));
    assert (self);
    self->file = file;
    self->secret = secret_new (key);
    for (int index = 0; index < 2; index++) {
        self->buffers [index].text = malloc (LOGWRITER_ROOM);
        assert (self->buffers [index].text);
    }
    thread_make_condition (&self->work);
    thread_make_condition (&self->ended);
    pthread_mutex_init (&self->lock, NULL);
    errno = thread_start (&self->thread, s_run, self);
    if (errno) {
        s_free (self);
        return NULL;
    }
    return self;
}


//  Hand over, under the lock.  If the thread has come to the buffer that is
//  filled, the other is free, and is filled from now on

static void
s_hand_over (logwriter_t *self)
{
    half_t *front = &self->buffers [self->front];
    front->ready = front->size;
    if (front->size > ENOUGH_SIZE && self->front == self->back) {
        self->front = !self->front;
        front = &self->buffers [self->front];
        front->size = front->ready = front->written = 0;
    }
    pthread_cond_signal (&self->work);
}


//  Say it if standard error can take it: perhaps it is what blocks the log

static void
s_complain (void)
{
    static const char text [] = "zherd: log: not all could be written\n";
    if (poll (&(struct pollfd){STDERR_FILENO, POLLOUT, 0}, 1, 0) == 1)
        (void) !write (STDERR_FILENO, text, sizeof (text) - 1);
}


void
logwriter_destroy (logwriter_t **self_p)
{
    logwriter_t *self = *self_p;
    if (!self)
        return;
    *self_p = NULL;
    int64_t until_ms = clock_ms () + LOGWRITER_PATIENCE_MS;
    pthread_mutex_lock (&self->lock);
    s_hand_over (self);
    self->stop = true;
    while (!self->is_ended && thread_wait (&self->ended, &self->lock, until_ms))
        ;
    self->left_alone = !self->is_ended;
    pthread_t thread = self->thread;
    bool left_alone = self->left_alone;
    pthread_mutex_unlock (&self->lock);
    if (left_alone) {
        pthread_detach (thread);
        s_complain ();
    }
    else {
        pthread_join (thread, NULL);
        s_free (self);
    }
}


static bool
s_is_full (const half_t *buffer)
{
    return buffer->size + (size_t) 2 * LINE_SIZE_MAX > LOGWRITER_ROOM;
}


//  There is room for a line even in a buffer that is full: it will be lost, and
//  so are all behind it, until the other is begun

char *
logwriter_room (logwriter_t *self)
{
    const half_t *front = &self->buffers [self->front];
    if (s_is_full (front) && front->lost == 0) {
        logwriter_hand_over (self);
        front = &self->buffers [self->front];
    }
    return front->text + front->size;
}


void
logwriter_add (logwriter_t *self, const char *end)
{
    half_t *front = &self->buffers [self->front];
    size_t size = (size_t) (end - front->text) - front->size;
    assert (size > 0 && size <= LINE_SIZE_MAX);
    if (s_is_full (front)) {
        front->lost++;
        self->missed++;
    }
    else
        front->size += size;
}


size_t
logwriter_size (const logwriter_t *self)
{
    const half_t *front = &self->buffers [self->front];
    return front->size - front->ready;
}


void
logwriter_hand_over (logwriter_t *self)
{
    const half_t *front = &self->buffers [self->front];
    if (logwriter_size (self) == 0 && front->lost == 0)
        return;
    pthread_mutex_lock (&self->lock);
    s_hand_over (self);
    pthread_mutex_unlock (&self->lock);
}


void
logwriter_reopen (logwriter_t *self)
{
    pthread_mutex_lock (&self->lock);
    self->reopen = true;
    s_hand_over (self);
    pthread_mutex_unlock (&self->lock);
}


void
logwriter_change (logwriter_t *self, uint64_t size_max, const char *key)
{
    secret_t *more = secret_new (key);
    pthread_mutex_lock (&self->lock);
    self->change = true;
    self->size_max = size_max;
    secret_join (&self->more, &more);
    s_hand_over (self);
    pthread_mutex_unlock (&self->lock);
}


uint64_t
logwriter_lost (logwriter_t *self)
{
    pthread_mutex_lock (&self->lock);
    uint64_t lost = self->lost + self->missed - self->missed_passed;
    pthread_mutex_unlock (&self->lock);
    return lost;
}
