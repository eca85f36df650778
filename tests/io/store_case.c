/*  =========================================================================
    store_case - a server whose table is on a disk that can fail
    =========================================================================
*/

#include "io/store_case.h"

#include "loop/clock.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#define PORT_BASE 27600
#define SYNC_MS 10
#define RETRY_MS 30

//  What fails, and what is held; the thread asks for it
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    call_kind_t call;
    unsigned after;
    unsigned count;
    int error;
    unsigned failed;
    bool held;
} s_disk = {
    .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};


//  Return true, errno set, if this call is to fail

static bool
s_fails (call_kind_t call)
{
    pthread_mutex_lock (&s_disk.lock);
    while (call == CALL_FDATASYNC && s_disk.held)
        pthread_cond_wait (&s_disk.changed, &s_disk.lock);
    bool fails = false;
    if (call == s_disk.call && s_disk.after)
        s_disk.after--;
    else if (call == s_disk.call && s_disk.count) {
        s_disk.count--;
        s_disk.failed++;
        fails = true;
    }
    int error = s_disk.error;
    pthread_mutex_unlock (&s_disk.lock);
    errno = error;
    return fails;
}


static int
s_openat (int folder, const char *name, int flags, mode_t mode)
{
    return s_fails (CALL_OPENAT) ? -1 : openat (folder, name, flags, mode);
}


static ssize_t
s_pread (int fd, void *buffer, size_t size, off_t offset)
{
    return s_fails (CALL_PREAD) ? -1 : pread (fd, buffer, size, offset);
}


//  A write that fails has written a part, as on a disk that becomes full

static ssize_t
s_pwrite (int fd, const void *buffer, size_t size, off_t offset)
{
    if (!s_fails (CALL_PWRITE))
        return pwrite (fd, buffer, size, offset);
    int error = errno;
    assert_true (pwrite (fd, buffer, size / 2, offset) >= 0);
    errno = error;
    return -1;
}


static int
s_ftruncate (int fd, off_t size)
{
    return s_fails (CALL_FTRUNCATE) ? -1 : ftruncate (fd, size);
}


static int
s_fdatasync (int fd)
{
    return s_fails (CALL_FDATASYNC) ? -1 : fdatasync (fd);
}


static int
s_fsync (int fd)
{
    return s_fails (CALL_FSYNC) ? -1 : fsync (fd);
}


static int
s_renameat (int folder, const char *from, int folder_to, const char *to)
{
    return s_fails (CALL_RENAMEAT) ? -1
                                   : renameat (folder, from, folder_to, to);
}


static int
s_fstatvfs (int fd, struct statvfs *facts)
{
    int rc = fstatvfs (fd, facts);
    if (s_fails (CALL_FSTATVFS))
        facts->f_bavail = 0;
    return rc;
}


static const calls_t s_calls = {.openat = s_openat,
    .pread = s_pread,
    .pwrite = s_pwrite,
    .ftruncate = s_ftruncate,
    .fdatasync = s_fdatasync,
    .fsync = s_fsync,
    .renameat = s_renameat,
    .unlinkat = unlinkat,
    .fstatvfs = s_fstatvfs};


void
store_case_fail (call_kind_t call, unsigned after, unsigned count, int error)
{
    pthread_mutex_lock (&s_disk.lock);
    s_disk.call = call;
    s_disk.after = after;
    s_disk.count = count;
    s_disk.error = error;
    s_disk.failed = 0;
    pthread_mutex_unlock (&s_disk.lock);
}


unsigned
store_case_failed (void)
{
    pthread_mutex_lock (&s_disk.lock);
    unsigned failed = s_disk.failed;
    pthread_mutex_unlock (&s_disk.lock);
    return failed;
}


void
store_case_hold (bool held)
{
    pthread_mutex_lock (&s_disk.lock);
    s_disk.held = held;
    pthread_cond_broadcast (&s_disk.changed);
    pthread_mutex_unlock (&s_disk.lock);
}


static void
s_take (void *context, const event_t *event)
{
    store_case_t *self = context;
    server_step (self->server, event, self->effects);
    effects_clear (self->effects);
}


static void
s_turn (void *context)
{
    store_case_t *self = context;
    if (!self->store)
        return;
    while (store_turn (self->store, clock_ms ()))
        ;
    store_counts_t counts = store_counts (self->store);
    self->settled = !store_is_loading (self->store) && counts.good &&
                    counts.behind == 0 && counts.safe;
    journal_flush (self->journal);
}


static void
s_tick (void *context)
{
    event_t event = {.kind = EVENT_TICK};
    clock_stamp (&event);
    s_take (context, &event);
}


bool
store_case_open (store_case_t *self)
{
    self->why [0] = '\0';
    self->store = store_new (
        self->stage->poller, &self->options, s_take, self, self->why);
    self->server = server_new (&(server_options_t){.name = "Alford",
        .herd = "test",
        .secret = "",
        .incarnation = 1,
        .table_size_max = 1 << 26,
        .waiting_max = 1,
        .restoring = self->store && store_is_loading (self->store)});
    if (self->store)
        store_serve (self->store, self->server);
    return self->store != NULL;
}


void
store_case_kill (store_case_t *self)
{
    store_destroy (&self->store);
    server_destroy (&self->server);
}


void
store_case_restart (store_case_t *self)
{
    store_case_kill (self);
    assert_true (store_case_open (self));
    store_case_settle (self);
}


int
store_case_new (void **state)
{
    log_case_new (state);
    store_case_t *self = zmalloc (sizeof (store_case_t));
    self->log = *state;
    self->folder = zsys_sprintf ("%s/disk", self->log->folder);
    self->stage = loop_case_new (PORT_BASE);
    self->stage->turn = s_turn;
    self->stage->tick = s_tick;
    self->stage->context = self;
    self->effects = effects_new ();
    self->journal = journal_new (
        &(journal_options_t){.file = self->log->file, .server = "Alford"});
    assert_non_null (self->journal);
    self->options = (store_options_t){.folder = self->folder,
        .herd = "test",
        .server = "Alford",
        .sync_ms = SYNC_MS,
        .retry_ms = RETRY_MS,
        .calls = &s_calls,
        .journal = self->journal};
    store_case_fail (CALLS, 0, 0, 0);
    assert_true (store_case_open (self));
    *state = self;
    return 0;
}


int
store_case_free (void **state)
{
    store_case_t *self = *state;
    store_case_hold (false);
    store_case_kill (self);
    journal_destroy (&self->journal);
    effects_destroy (&self->effects);
    loop_case_destroy (&self->stage);
    zdir_t *folder = zdir_new (self->folder, NULL);
    zdir_remove (folder, true);
    zdir_destroy (&folder);
    zstr_free (&self->folder);
    *state = self->log;
    free (self);
    return log_case_free (state);
}


void
store_case_tell (
    store_case_t *self, unsigned first, unsigned end, unsigned time)
{
    for (unsigned client = first; client < end; client++) {
        char line [64];
        event_t event = {.kind = EVENT_CONNECTION_LINE, .connection = 1};
        snprintf (line, sizeof line, "IAMAT c%u +1+1 %u", client, time);
        event.text = span_of (line);
        clock_stamp (&event);
        s_take (self, &event);
    }
    self->settled = 0;
}


void
store_case_settle (store_case_t *self)
{
    self->settled = 0;
    REACH (self->stage, &self->settled, 1);
}


size_t
store_case_count (
    store_case_t *self, unsigned first, unsigned end, unsigned time)
{
    size_t known = 0;
    for (unsigned client = first; client < end; client++) {
        char name [16];
        location_t location;
        snprintf (name, sizeof name, "c%u", client);
        known += table_find (
                     server_table (self->server), span_of (name), &location) &&
                 location.stamped.seconds == time;
    }
    return known;
}


void
store_case_await (store_case_t *self, const char *text)
{
    journal_flush (self->journal);
    AWAIT_PART (self->log, self->log->file, text);
}
