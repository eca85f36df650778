/*  =========================================================================
    worker - the thread that has the disk
    =========================================================================
*/

#include "store/worker.h"

#include "loop/clock.h"
#include "loop/thread.h"
#include "store/generation.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

//  Chunks on their way: 1 MiB of what is read, 4 MiB of what is to be written
#define CHUNKS_READ 16
#define CHUNKS_WRITE 64

//  Of the next generation no more than that waits for a sync: nor does the
//  present one, for long
#define UNSYNCED_MAX 4194304

//  After a paced chunk the thread rests as long as that took, and so long at
//  least: its core and the disk are others', too
#define REST_MS 1

struct worker_t {
    files_t *folder;
    block_title_t title;
    reader_t *reader;
    generation_t files [WORKER_FILES];
    chunks_t *read;
    chunks_t *write;
    int told;  //  An eventfd
    size_t mark_size;
    char mark [BLOCK_TEXT_SIZE_MAX];  //  The last that was read
    pthread_t thread;
    pthread_mutex_t lock;  //  For what follows
    pthread_cond_t ended;
    bool is_ended;
    worker_state_t state;
};


static void
s_tell (const worker_t *self)
{
    uint64_t one = 1;
    (void) !write (self->told, &one, sizeof one);
}


//  The generation is lost, since the call failed

static void
s_fail (worker_t *self, unsigned file, const char *call)
{
    int error = errno;
    generation_close (&self->files [file]);
    if (file == WORKER_NEXT)
        files_give_up (self->folder);
    pthread_mutex_lock (&self->lock);
    worker_failure_t *failure = &self->state.failures [file];
    *failure = (worker_failure_t){failure->count + 1, call, error};
    pthread_mutex_unlock (&self->lock);
}


//  Let the loop see what the present generation is

static void
s_show (worker_t *self, const chunk_t *done, uint64_t written)
{
    const generation_t *present = &self->files [WORKER_PRESENT];
    pthread_mutex_lock (&self->lock);
    self->state.number = present->fd >= 0 ? present->number : 0;
    self->state.size = present->fd >= 0 ? present->offset : 0;
    self->state.written += written;
    self->state.marks += done && done->kind == CHUNK_MARK && !done->next;
    if (done && done->kind == CHUNK_INSTALL)
        self->state.answered = done->number;
    pthread_mutex_unlock (&self->lock);
}


static bool
s_hand_over (worker_t *self, chunk_kind_t kind, span_t text)
{
    chunk_t *chunk = chunks_room (self->read, true);
    if (!chunk)
        return false;
    chunk->kind = kind;
    chunk->size = text.size;
    if (text.size)
        memcpy (chunk->text, text.data, text.size);
    chunks_put (self->read);
    s_tell (self);
    return true;
}


//  Read all blocks.  A mark tells what all before it holds: with a gap before
//  it, it is not true.  Returns false if nobody wants them any more

static bool
s_read_blocks (worker_t *self, reader_result_t *result)
{
    block_kind_t kind;
    span_t text;
    while (
        (*result = reader_next (self->reader, &kind, &text)) == READER_BLOCK) {
        if (kind == BLOCK_MARK) {
            if (reader_skipped (self->reader))
                continue;
            memcpy (self->mark, text.data, text.size);
            self->mark_size = text.size;
        }
        else if (!s_hand_over (self, CHUNK_RECORDS, text))
            return false;
    }
    return true;
}


//  Say what was left out, and keep a file that is damaged, and not just torn,
//  for who may save more of it

static void
s_judge (worker_t *self, reader_result_t result)
{
    uint64_t good = reader_offset (self->reader);
    uint64_t size = reader_file_size (self->reader);
    uint64_t rest = size > good ? size - good : 0;
    bool failed = result == READER_FAILED;
    uint64_t damaged = reader_skipped (self->reader) + (failed ? rest : 0);
    bool kept = damaged && files_keep_bad (self->folder) == 0;
    pthread_mutex_lock (&self->lock);
    self->state.torn_size = failed ? 0 : rest;
    self->state.damaged_size = damaged;
    self->state.kept = kept;
    pthread_mutex_unlock (&self->lock);
}


//  Go on behind what was good.  What is behind that has to be gone for good, or
//  it might be taken for ours after the next power cut

static void
s_go_on (worker_t *self, reader_result_t result)
{
    generation_t *present = &self->files [WORKER_PRESENT];
    uint64_t good = reader_offset (self->reader);
    int error = errno;
    s_judge (self, result);
    errno = error;
    present->number = reader_title (self->reader)->number;
    present->offset = present->synced = good;
    memcpy (present->key, reader_key (self->reader), BLOCK_KEY_SIZE);
    if (result == READER_FAILED)
        s_fail (self, WORKER_PRESENT, "read");
    else if (result == READER_BAD &&
             self->folder->calls->ftruncate (present->fd, (off_t) good) == -1)
        s_fail (self, WORKER_PRESENT, "ftruncate");
    else if (result == READER_BAD && generation_sync (present) == -1)
        s_fail (self, WORKER_PRESENT, "fdatasync");
}


static void
s_read (worker_t *self)
{
    reader_result_t result;
    if (!self->reader)
        return;
    size_t size = reader_last_mark (self->reader, self->mark);
    if (size)
        s_hand_over (self, CHUNK_HINT, (span_t){self->mark, size});
    if (!s_read_blocks (self, &result))
        return;
    s_go_on (self, result);
    s_show (self, NULL, 0);
    if (self->mark_size)
        s_hand_over (self, CHUNK_MARK, (span_t){self->mark, self->mark_size});
    s_hand_over (self, CHUNK_END, (span_t){NULL, 0});
}


static void
s_begin (worker_t *self, const chunk_t *chunk)
{
    generation_t *next = &self->files [WORKER_NEXT];
    generation_close (next);
    int fd = files_begin (self->folder, chunk->room);
    if (fd == -1) {
        s_fail (self, WORKER_NEXT, "open");
        return;
    }
    self->title.number = chunk->number;
    randombytes_buf (&self->title.salt, sizeof self->title.salt);
    if (generation_begin (next, self->folder->calls, fd, &self->title) == -1)
        s_fail (self, WORKER_NEXT, "write");
}


//  Write the block, and have it on the disk if it is a mark.  Returns the bytes
//  written

static uint64_t
s_write (worker_t *self, const chunk_t *chunk)
{
    unsigned file = chunk->next ? WORKER_NEXT : WORKER_PRESENT;
    generation_t *generation = &self->files [file];
    bool is_mark = chunk->kind == CHUNK_MARK;
    if (generation->fd == -1)
        return 0;
    if (generation_write (generation, is_mark ? BLOCK_MARK : BLOCK_RECORDS,
            chunk->text - BLOCK_HEAD_SIZE, chunk->size) == -1) {
        s_fail (self, file, "write");
        return 0;
    }
    bool is_much = generation->offset - generation->synced > UNSYNCED_MAX;
    if ((is_mark || is_much) && generation_sync (generation) == -1)
        s_fail (self, file, "fdatasync");
    return BLOCK_HEAD_SIZE + chunk->size;
}


//  Once it has the other's name it is the present one, whatever fails then

static void
s_install (worker_t *self)
{
    bool installed;
    const char *call;
    generation_t *files = self->files;
    if (files [WORKER_NEXT].fd == -1)
        return;
    int rc = files_install (self->folder, &installed, &call);
    int error = errno;
    if (installed) {
        generation_close (&files [WORKER_PRESENT]);
        files [WORKER_PRESENT] = files [WORKER_NEXT];
        files [WORKER_NEXT] = (generation_t){.fd = -1};
        pthread_mutex_lock (&self->lock);
        self->state.damaged_size = 0;
        pthread_mutex_unlock (&self->lock);
    }
    errno = error;
    if (rc == -1)
        s_fail (self, installed ? WORKER_PRESENT : WORKER_NEXT, call);
}


static void
s_do (worker_t *self, const chunk_t *chunk)
{
    uint64_t written = 0;
    switch (chunk->kind) {
    case CHUNK_RECORDS:
    case CHUNK_MARK:
        written = s_write (self, chunk);
        break;
    case CHUNK_BEGIN:
        s_begin (self, chunk);
        break;
    case CHUNK_INSTALL:
        s_install (self);
        break;
    case CHUNK_HINT:
    case CHUNK_END:
        break;
    }
    s_show (self, chunk, written);
}


static void
s_rest (worker_t *self, int64_t began_ms)
{
    int64_t now_ms = clock_ms ();
    int64_t took_ms = now_ms - began_ms;
    chunks_rest (self->write, now_ms + (took_ms > REST_MS ? took_ms : REST_MS));
}


static void *
s_run (void *argument)
{
    worker_t *self = argument;
    const chunk_t *chunk;
    s_read (self);
    while ((chunk = chunks_first (self->write, true))) {
        int64_t began_ms = clock_ms ();
        s_do (self, chunk);
        if (chunk->paced)
            s_rest (self, began_ms);
        chunks_drop (self->write);
        s_tell (self);
    }
    pthread_mutex_lock (&self->lock);
    self->is_ended = true;
    pthread_cond_signal (&self->ended);
    pthread_mutex_unlock (&self->lock);
    return NULL;
}


static void
s_free (worker_t *self)
{
    for (unsigned file = 0; file < WORKER_FILES; file++)
        generation_close (&self->files [file]);
    reader_destroy (&self->reader);
    chunks_destroy (&self->read);
    chunks_destroy (&self->write);
    pthread_cond_destroy (&self->ended);
    pthread_mutex_destroy (&self->lock);
    if (self->told >= 0)
        close (self->told);
    free (self);
}


static void
s_prepare (worker_t *self, const worker_options_t *options)
{
    self->folder = options->folder;
    strncpy (self->title.herd, options->herd, SPAN_NAME_SIZE_MAX);
    strncpy (self->title.server, options->server, SPAN_NAME_SIZE_MAX);
    self->files [WORKER_PRESENT] =
        (generation_t){.calls = options->folder->calls, .fd = options->fd};
    self->files [WORKER_NEXT] = (generation_t){.fd = -1};
    self->reader = options->reader;
    self->read = chunks_new (CHUNKS_READ);
    self->write = chunks_new (CHUNKS_WRITE);
    thread_make_condition (&self->ended);
    pthread_mutex_init (&self->lock, NULL);
}


worker_t *
worker_new (const worker_options_t *options)
{
    worker_t *self = calloc (1, sizeof (worker_t));
    assert (self);
    s_prepare (self, options);
    self->told = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
    int error =
        self->told == -1 ? errno : thread_start (&self->thread, s_run, self);
    if (error) {
        self->reader = NULL;
        self->files [WORKER_PRESENT].fd = -1;
        s_free (self);
        errno = error;
        return NULL;
    }
    return self;
}


bool
worker_destroy (worker_t **self_p, int64_t patience_ms)
{
    worker_t *self = *self_p;
    if (!self)
        return true;
    *self_p = NULL;
    chunks_close (self->read);
    chunks_close (self->write);
    int64_t until_ms = clock_ms () + patience_ms;
    pthread_mutex_lock (&self->lock);
    while (!self->is_ended && thread_wait (&self->ended, &self->lock, until_ms))
        ;
    bool over = self->is_ended;
    pthread_mutex_unlock (&self->lock);
    if (over) {
        pthread_join (self->thread, NULL);
        s_free (self);
    }
    else
        pthread_detach (self->thread);
    return over;
}


int
worker_fd (const worker_t *self)
{
    return self->told;
}


chunks_t *
worker_read (worker_t *self)
{
    return self->read;
}


chunks_t *
worker_write (worker_t *self)
{
    return self->write;
}


worker_state_t
worker_state (worker_t *self)
{
    pthread_mutex_lock (&self->lock);
    worker_state_t state = self->state;
    pthread_mutex_unlock (&self->lock);
    return state;
}
