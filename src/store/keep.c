/*  =========================================================================
    keep - keeps the table on disk up with the one in memory
    =========================================================================
*/

#include "store/keep.h"

#include "loop/clock.h"

#include <inttypes.h>
#include <string.h>

//  Chunks that a turn fills for the present generation, and for the next
#define SLICE_PRESENT 4
#define SLICE_NEXT 1

//  Chunks that an INSTALL takes, with the marks before it
#define INSTALL_CHUNKS 3

//  A generation is at most so many times the table
#define SIZE_TIMES 2


//  The second failure within a while has to wait, lest a disk that has room for
//  a generation, and for no more, is written full again and again

static void
s_fail (store_t *self, unsigned file, int64_t now_ms)
{
    const worker_failure_t *failure = &self->state.failures [file];
    self->failures [file] = failure->count;
    self->begin_ms = now_ms;
    if (now_ms - self->failed_ms < self->retry_ms)
        self->begin_ms = now_ms + self->retry_ms;
    self->failed_ms = now_ms;
    if (file == WORKER_NEXT)
        self->building = self->installing = false;
    else
        self->following = false;
    if (self->following)
        journal_line (self->journal, '*',
            "table on disk: no new generation: %s: %s", failure->call,
            strerror (failure->error));
    else {
        self->failed = true;
        journal_line (self->journal, '*',
            "table on disk: what is acknowledged now is not on it: %s: %s",
            failure->call, strerror (failure->error));
    }
}


//  All up to there is on the disk

static void
s_secure (store_t *self, int64_t ms)
{
    self->safe_ms = ms;
    self->synced_seconds = clock_now ().seconds;
}


static void
s_installed (store_t *self)
{
    self->building = self->installing = false;
    self->following = self->state.number == self->number;
    if (!self->following)
        return;
    s_secure (self, self->mark_ms);
    journal_line (self->journal, '*',
        "table on disk%s: generation %" PRIu64 ", %" PRIu64 " bytes",
        self->failed ? " again" : "", self->number, self->state.size);
    self->failed = false;
}


void
keep_judge (store_t *self, int64_t now_ms)
{
    bool pending = self->marks != self->state.marks;
    self->state = worker_state (self->worker);
    for (unsigned file = 0; file < WORKER_FILES; file++)
        if (self->failures [file] != self->state.failures [file].count)
            s_fail (self, file, now_ms);
    if (self->installing && self->state.answered == self->number)
        s_installed (self);
    else if (pending && self->marks == self->state.marks && self->following) {
        self->took_ms = now_ms - self->mark_ms;
        s_secure (self, self->mark_ms);
    }
}


//  Hand over the next records.  Returns false if there are none, or no room

static bool
s_fill (store_t *self, copy_t *copy, bool next)
{
    uint64_t records = 0;
    chunks_t *chunks = worker_write (self->worker);
    chunk_t *chunk = copy_has_next (copy) ? chunks_room (chunks, false) : NULL;
    if (!chunk)
        return false;
    chunk->kind = CHUNK_RECORDS;
    chunk->next = next;
    chunk->size = copy_write (copy, BLOCK_TEXT_SIZE_MAX, chunk->text, &records);
    chunks_put (chunks);
    self->unmarked |= !next;
    return true;
}


//  Tell the thread something else; there must be room for it

static void
s_order (store_t *self, chunk_kind_t kind, bool next)
{
    chunks_t *chunks = worker_write (self->worker);
    chunk_t *chunk = chunks_room (chunks, false);
    assert (chunk);
    chunk->kind = kind;
    chunk->next = next;
    chunk->number = self->number;
    chunk->room = table_lines_size (self->copies [0].table);
    if (kind == CHUNK_MARK)
        chunk->size = server_mark (self->server, chunk->text);
    chunks_put (chunks);
}


static void
s_mark (store_t *self, int64_t now_ms)
{
    s_order (self, CHUNK_MARK, false);
    self->marks++;
    self->mark_ms = now_ms;
    self->unmarked = false;
}


//  A sync is asked for when all is handed over and the one before is done

void
keep_follow (store_t *self, int64_t now_ms)
{
    copy_t *copy = &self->copies [self->present];
    if (!self->following || self->marks != self->state.marks)
        return;
    self->draining |= now_ms >= self->due_ms;
    for (int count = 0; self->draining && count < SLICE_PRESENT; count++)
        if (!s_fill (self, copy, false))
            break;
    if (!self->draining || copy_has_next (copy) ||
        chunks_free (worker_write (self->worker)) == 0)
        return;
    self->draining = false;
    self->due_ms = now_ms + self->sync_ms / 2;
    if (self->unmarked)
        s_mark (self, now_ms);
    else
        self->safe_ms = now_ms;
}


//  The next generation has all.  When the present one has, too, the first copy
//  or the other may follow whichever of the two it will be

static void
s_install (store_t *self, int64_t now_ms)
{
    copy_t *present = &self->copies [self->present];
    if (self->following) {
        if (self->marks != self->state.marks)
            return;
        while (s_fill (self, present, false))
            ;
        if (copy_has_next (present))
            return;
    }
    if (chunks_free (worker_write (self->worker)) < INSTALL_CHUNKS)
        return;
    if (self->following)
        s_mark (self, now_ms);
    s_order (self, CHUNK_MARK, true);
    s_order (self, CHUNK_INSTALL, true);
    self->mark_ms = now_ms;
    self->present = !self->present;
    self->installing = true;
}


//  Begin a generation if there is none that is good, or it has grown large

static void
s_begin (store_t *self, int64_t now_ms)
{
    copy_t *next = &self->copies [!self->present];
    uint64_t most =
        SIZE_TIMES * table_lines_size (next->table) + self->spare_size;
    bool wanted =
        !self->following || self->state.damaged_size || self->state.size > most;
    if (!wanted || now_ms < self->begin_ms ||
        chunks_free (worker_write (self->worker)) == 0)
        return;
    self->number++;
    copy_restart (next);
    s_order (self, CHUNK_BEGIN, true);
    self->building = true;
}


void
keep_build (store_t *self, int64_t now_ms)
{
    copy_t *next = &self->copies [!self->present];
    if (!self->building) {
        s_begin (self, now_ms);
        return;
    }
    if (self->installing)
        return;
    for (int count = 0; count < SLICE_NEXT; count++)
        if (!s_fill (self, next, true))
            break;
    if (!copy_has_next (next))
        s_install (self, now_ms);
}


void
keep_watch (store_t *self, int64_t now_ms)
{
    int64_t age_ms = now_ms - self->safe_ms;
    if (!self->following)
        return;
    if (!self->late && age_ms > self->sync_ms)
        journal_line (self->journal, '*',
            "table on disk: the disk is slow: what was acknowledged %" PRId64
            " ms ago is not on it",
            age_ms);
    else if (self->late && age_ms <= self->sync_ms / 2)
        journal_line (
            self->journal, '*', "table on disk: the disk keeps up again");
    self->late = age_ms > (self->late ? self->sync_ms / 2 : self->sync_ms);
}
