/*  =========================================================================
    store - the table on disk
    =========================================================================
*/

#include "store/store.h"

#include "loop/clock.h"
#include "store/keep.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

//  What is read goes in for so long a turn
#define LOAD_SLICE_MS 8

//  What the thread may take to end once it has nothing to do
#define PATIENCE_MS 1000

//  While all is to be finished, how often that is looked at
#define POLL_MS 20


//  The thread has done something: that alone makes a turn

static void
s_told (void *context, uint32_t events)
{
    const store_t *self = context;
    uint64_t count;
    (void) events;
    (void) !read (self->told.fd, &count, sizeof count);
}


//  Open what there is.  Returns false, and why, if it is not ours

static bool
s_open_table (store_t *self, const store_options_t *options,
    worker_options_t *found, char *why)
{
    found->fd = files_open_table (&self->folder, why);
    if (found->fd == -1)
        return why [0] == '\0';
    const char *fault;
    found->reader = reader_new (self->folder.calls, found->fd, &fault);
    if (!found->reader)
        snprintf (why, STORE_WHY_SIZE, "%s is %s", self->folder.table, fault);
    else {
        const block_title_t *title = reader_title (found->reader);
        self->number = title->number;
        if (streq (title->herd, options->herd) &&
            streq (title->server, options->server))
            return true;
        snprintf (why, STORE_WHY_SIZE, "%s is the table of %s in herd %s",
            self->folder.table, title->server, title->herd);
    }
    reader_destroy (&found->reader);
    close (found->fd);
    return false;
}


static bool
s_open_files (store_t *self, const store_options_t *options, char *why)
{
    worker_options_t found = {.folder = &self->folder,
        .herd = options->herd,
        .server = options->server,
        .fd = -1};
    const calls_t *calls = options->calls ? options->calls : &calls_of_system;
    if (!files_open (
            &self->folder, calls, options->folder, options->server, why) ||
        !s_open_table (self, options, &found, why))
        return false;
    self->loading = found.reader != NULL;
    self->worker = worker_new (&found);
    if (self->worker) {
        self->told.fd = worker_fd (self->worker);
        if (poller_add (self->poller, &self->told, EPOLLIN) == 0)
            return true;
        self->told.fd = -1;
    }
    else {
        reader_destroy (&found.reader);
        if (found.fd >= 0)
            close (found.fd);
    }
    snprintf (why, STORE_WHY_SIZE, "no thread or descriptor");
    return false;
}


store_t *
store_new (poller_t *poller, const store_options_t *options, event_fn *take,
    void *context, char why [STORE_WHY_SIZE])
{
    store_t *self = zmalloc (sizeof (store_t));
    self->poller = poller;
    self->take = take;
    self->context = context;
    self->journal = options->journal;
    self->sync_ms = options->sync_ms;
    self->retry_ms = options->retry_ms ? options->retry_ms : STORE_RETRY_MS;
    self->spare_size =
        options->spare_size ? options->spare_size : STORE_SPARE_SIZE;
    self->safe_ms = clock_ms ();
    self->failed_ms = self->installed_ms = INT64_MIN / 2;
    self->folder.fd = self->folder.lock = -1;
    self->told = (watcher_t){.fd = -1, .ready = s_told, .context = self};
    if (!s_open_files (self, options, why))
        store_destroy (&self);
    return self;
}


//  A thread that does not end has the folder for as long as there is a process

void
store_destroy (store_t **self_p)
{
    store_t *self = *self_p;
    if (!self)
        return;
    *self_p = NULL;
    if (self->told.fd >= 0)
        poller_drop (self->poller, &self->told);
    if (!worker_destroy (&self->worker, PATIENCE_MS))
        return;
    if (self->folder.fd >= 0)
        files_give_up (&self->folder);
    files_close (&self->folder);
    free (self);
}


void
store_serve (store_t *self, server_t *server)
{
    self->server = server;
    for (unsigned index = 0; index < 2; index++) {
        bool made = copy_init (&self->copies [index], server_table (server));
        assert (made);
    }
}


bool
store_is_loading (const store_t *self)
{
    return self->loading;
}


static void
s_note_bad (store_t *self, const worker_state_t *state)
{
    if (state->damaged_size && state->kept)
        journal_notice (self->journal, NOTICE_DISK_DAMAGED,
            "table on disk: %" PRIu64
            " of its bytes are damaged, and left out; the file is kept as %s",
            state->damaged_size, self->folder.bad);
    else if (state->damaged_size)
        journal_notice (self->journal, NOTICE_DISK_DAMAGED,
            "table on disk: %" PRIu64
            " of its bytes are damaged, and left out; %s can't be made",
            state->damaged_size, self->folder.bad);
    if (state->torn_size)
        journal_notice (self->journal, NOTICE_DISK_TORN,
            "table on disk: its last %" PRIu64
            " bytes were not written whole, and are left out",
            state->torn_size);
}


static void
s_loaded (store_t *self, int64_t now_ms)
{
    worker_state_t state = worker_state (self->worker);
    self->loading = false;
    self->following = state.number != 0;
    self->due_ms = self->safe_ms = now_ms;
    self->state = state;
    copy_skip_loaded (&self->copies [self->present]);
    s_note_bad (self, &state);
}


//  Let the core have what was read, for a short time of its own: however long
//  the others' part of the turn was, the table comes

static void
s_load (store_t *self, int64_t now_ms)
{
    static const event_kind_t kinds [] = {[CHUNK_RECORDS] = EVENT_DISK_RECORDS,
        [CHUNK_MARK] = EVENT_DISK_MARK,
        [CHUNK_HINT] = EVENT_DISK_BEGIN,
        [CHUNK_END] = EVENT_DISK_END};
    const table_t *table = server_table (self->server);
    chunks_t *chunks = worker_read (self->worker);
    const chunk_t *chunk;
    int64_t until_ms = clock_ms () + LOAD_SLICE_MS;
    while (self->loading && clock_ms () < until_ms &&
           (chunk = chunks_first (chunks, false))) {
        event_t event = {
            .kind = kinds [chunk->kind], .text = {chunk->text, chunk->size}};
        clock_stamp (&event);
        self->take (self->context, &event);
        if (chunk->kind == CHUNK_END)
            s_loaded (self, now_ms);
        chunks_drop (chunks);
    }
    //  What changed meanwhile is not on the disk, all else is
    self->safe_stored =
        table_stored (table) + TABLE_LSN_BASE - table_lsn (table);
}


//  When a sync is done, a new generation may take its place before the next one

bool
store_turn (store_t *self, int64_t now_ms)
{
    if (self->loading) {
        s_load (self, now_ms);
        return !self->loading ||
               chunks_first (worker_read (self->worker), false);
    }
    keep_judge (self, now_ms);
    keep_build (self, now_ms);
    keep_follow (self, now_ms);
    keep_watch (self, now_ms);
    return keep_has_more (self);
}


//  Return true if nothing is left to be written, or synced

static bool
s_is_done (const store_t *self)
{
    return !self->loading && self->following && !self->installing &&
           !self->unmarked && self->marks == self->state.marks &&
           !copy_has_next (&self->copies [self->present]);
}


//  Return true if the disk takes nothing, and is not to be tried soon

static bool
s_is_hopeless (const store_t *self, int64_t now_ms)
{
    return !self->loading && !self->following && !self->building &&
           now_ms < self->begin_ms;
}


void
store_finish (store_t *self, int64_t patience_ms)
{
    int64_t start_ms = clock_ms ();
    int64_t now_ms = start_ms;
    struct pollfd told = {.fd = self->told.fd, .events = POLLIN};
    self->begin_ms = 0;
    do {
        self->due_ms = 0;
        bool more = store_turn (self, now_ms);
        if (s_is_done (self))
            return;
        if (!more && poll (&told, 1, POLL_MS) == 1)
            s_told (self, POLLIN);
        now_ms = clock_ms ();
    } while (now_ms - start_ms < patience_ms && !s_is_hopeless (self, now_ms));
    journal_notice (self->journal, NOTICE_DISK_UNFINISHED,
        "table on disk: not all could be written before the end");
}


store_counts_t
store_counts (const store_t *self)
{
    if (!self)
        return (store_counts_t){.on = false};
    return (store_counts_t){.on = true,
        .good = self->following,
        .safe = s_is_done (self),
        .generation = self->state.number,
        .bytes = self->state.size,
        .behind = keep_behind (self),
        .written = self->state.written,
        .errors =
            self->failures [WORKER_PRESENT] + self->failures [WORKER_NEXT],
        .synced = self->synced_seconds,
        .sync_ms = self->took_ms};
}
