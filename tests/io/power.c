/*  =========================================================================
    power - a disk whose power can be cut
    =========================================================================
*/

#include "io/power.h"

#include "unit/chance.h"

#include <czmq.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>

#define BLOCK 512
#define FILES 512
#define FDS 1024
#define FOLDERS 64
#define NOWHERE (-1)

//  Bytes of a file; behind its end all are 0
typedef struct {
    char *data;
    size_t size;
    size_t room;
} bytes_t;

typedef struct {
    bytes_t live;  //  As it is read
    bytes_t disk;  //  As it was at its last fdatasync
    bytes_t lost;  //  Of each block, whether an fdatasync failed since it was
                   //  written
} file_t;

//  Which file has which name
typedef struct {
    int table;
    int next;
} folder_t;

static struct {
    pthread_mutex_t lock;
    chance_t chance;
    unsigned failing;
    unsigned calls;  //  Until the power is cut
    bool is_cut;
    file_t files [FILES];
    int count;
    int of_fd [FDS];             //  The file that is open
    folder_t folders [FOLDERS];  //  The one on the disk, and what came since
    size_t changes;
    bytes_t table;  //  What a cut left
    bytes_t next;
    bool has_table;
    bool has_next;
} s_disk = {.lock = PTHREAD_MUTEX_INITIALIZER};


static void
s_resize (bytes_t *self, size_t size)
{
    if (size > self->room) {
        size_t room = 2 * size;
        self->data = realloc (self->data, room);
        assert_non_null (self->data);
        memset (self->data + self->room, 0, room - self->room);
        self->room = room;
    }
    if (size < self->size)
        memset (self->data + size, 0, self->size - size);
    self->size = size;
}


static char
s_byte (const bytes_t *self, size_t at)
{
    char byte = 0;
    if (at < self->size)
        byte = self->data [at];
    return byte;
}


static void
s_copy (bytes_t *to, const bytes_t *from, size_t start, size_t end)
{
    for (size_t at = start; at < end && at < to->size; at++)
        to->data [at] = s_byte (from, at);
}


static folder_t *
s_folder (void)
{
    return &s_disk.folders [s_disk.changes];
}


//  The folder is to become another; of very many changes the first are done

static folder_t *
s_change (void)
{
    if (s_disk.changes + 1 == FOLDERS) {
        memmove (s_disk.folders, s_disk.folders + 1,
            sizeof s_disk.folders - sizeof (folder_t));
        s_disk.changes--;
    }
    s_disk.changes++;
    s_disk.folders [s_disk.changes] = s_disk.folders [s_disk.changes - 1];
    return s_folder ();
}


static int
s_add_file (void)
{
    assert_true (s_disk.count < FILES);
    return s_disk.count++;
}


static file_t *
s_open_file (int fd)
{
    assert_in_range (fd, 0, FDS - 1);
    assert_in_range (s_disk.of_fd [fd], 0, s_disk.count - 1);
    return &s_disk.files [s_disk.of_fd [fd]];
}


//  What the block may be: as it was, as it is, or a part of that.  All blocks
//  of a file may have the same fate

typedef enum { FATE_LOST, FATE_KEPT, FATE_MIXED, FATE_TORN, FATES } fate_t;

static void
s_settle_block (const file_t *file, bytes_t *left, size_t start, fate_t fate)
{
    size_t kept = fate == FATE_LOST ? 0 : BLOCK;
    if (fate >= FATE_MIXED && chance_below (&s_disk.chance, 2))
        kept = 0;
    if (fate == FATE_TORN && kept)
        kept = chance_below (&s_disk.chance, BLOCK + 1);
    s_copy (left, &file->live, start, start + kept);
    s_copy (left, &file->disk, start + kept, start + BLOCK);
}


static void
s_settle (const file_t *file, bytes_t *left)
{
    fate_t fate = (fate_t) chance_below (&s_disk.chance, FATES);
    size_t one = file->disk.size;
    size_t other = file->live.size;
    size_t least = one < other ? one : other;
    size_t most = one < other ? other : one;
    size_t size = least + chance_below (&s_disk.chance, most - least + 1);
    if (fate == FATE_LOST)
        size = one;
    else if (fate == FATE_KEPT || chance_below (&s_disk.chance, 2))
        size = other;
    s_resize (left, size);
    for (size_t start = 0; start < size; start += BLOCK)
        s_settle_block (file, left, start, fate);
}


static void
s_cut (void)
{
    const folder_t *folder =
        &s_disk.folders [chance_below (&s_disk.chance, s_disk.changes + 1)];
    s_disk.is_cut = true;
    s_disk.has_table = folder->table != NOWHERE;
    s_disk.has_next = folder->next != NOWHERE;
    if (s_disk.has_table)
        s_settle (&s_disk.files [folder->table], &s_disk.table);
    if (s_disk.has_next)
        s_settle (&s_disk.files [folder->next], &s_disk.next);
}


//  Begin a call that may fail.  Returns true if it does

static bool
s_begin (void)
{
    pthread_mutex_lock (&s_disk.lock);
    return s_disk.failing && chance_below (&s_disk.chance, s_disk.failing) == 0;
}


//  End a call that wrote: it is after a cut, or before

static void
s_end (void)
{
    if (!s_disk.is_cut && s_disk.calls-- == 0)
        s_cut ();
    pthread_mutex_unlock (&s_disk.lock);
}


static int
s_fail (int error)
{
    s_end ();
    errno = error;
    return -1;
}


static int
s_openat (int folder, const char *name, int flags, mode_t mode)
{
    if (s_begin () && flags & O_CREAT)
        return s_fail (EMFILE);
    int fd = openat (folder, name, flags, mode);
    int error = errno;
    assert_true (fd < FDS);
    if (fd >= 0 && flags & O_CREAT)
        s_disk.of_fd [fd] = s_change ()->next = s_add_file ();
    else if (fd >= 0)
        s_disk.of_fd [fd] = s_folder ()->table;
    s_end ();
    errno = error;
    return fd;
}


static ssize_t
s_pwrite (int fd, const void *buffer, size_t size, off_t offset)
{
    bool fails = s_begin ();
    file_t *file = s_open_file (fd);
    size_t start = (size_t) offset;
    if (fails)
        size = chance_below (&s_disk.chance, size);
    if (file->live.size < start + size)
        s_resize (&file->live, start + size);
    if (size)
        memcpy (file->live.data + start, buffer, size);
    s_resize (&file->lost, file->live.size / BLOCK + 1);
    for (size_t at = start / BLOCK; size && at <= (start + size - 1) / BLOCK;
         at++)
        file->lost.data [at] = 0;
    assert_int_equal (pwrite (fd, buffer, size, offset), size);
    if (fails)
        return s_fail (ENOSPC);
    s_end ();
    return (ssize_t) size;
}


static int
s_ftruncate (int fd, off_t size)
{
    if (s_begin ())
        return s_fail (EIO);
    s_resize (&s_open_file (fd)->live, (size_t) size);
    int rc = ftruncate (fd, size);
    s_end ();
    return rc;
}


static int
s_fdatasync (int fd)
{
    bool fails = s_begin ();
    file_t *file = s_open_file (fd);
    s_resize (&file->lost, file->live.size / BLOCK + 1);
    if (!fails)
        s_resize (&file->disk, file->live.size);
    for (size_t at = 0; at < file->lost.size; at++) {
        if (fails)
            file->lost.data [at] = 1;
        if (!file->lost.data [at])
            s_copy (&file->disk, &file->live, at * BLOCK, (at + 1) * BLOCK);
    }
    if (fails)
        return s_fail (EIO);
    s_end ();
    return 0;
}


static int
s_fsync (int fd)
{
    (void) fd;
    if (s_begin ())
        return s_fail (EIO);
    s_disk.folders [0] = *s_folder ();
    s_disk.changes = 0;
    s_end ();
    return 0;
}


static int
s_renameat (int folder, const char *from, int folder_to, const char *to)
{
    if (s_begin ())
        return s_fail (EIO);
    folder_t *changed = s_change ();
    changed->table = changed->next;
    changed->next = NOWHERE;
    int rc = renameat (folder, from, folder_to, to);
    s_end ();
    return rc;
}


static int
s_unlinkat (int folder, const char *name, int flags)
{
    size_t size = strlen (name);
    pthread_mutex_lock (&s_disk.lock);
    if (size > 5 && streq (name + size - 5, ".next"))
        s_change ()->next = NOWHERE;
    int rc = unlinkat (folder, name, flags);
    int error = errno;
    s_end ();
    errno = error;
    return rc;
}


const calls_t power_calls = {.openat = s_openat,
    .pread = pread,
    .pwrite = s_pwrite,
    .ftruncate = s_ftruncate,
    .fdatasync = s_fdatasync,
    .fsync = s_fsync,
    .renameat = s_renameat,
    .unlinkat = s_unlinkat,
    .fstatvfs = fstatvfs};


static void
s_free (bytes_t *self)
{
    free (self->data);
    *self = (bytes_t){.size = 0};
}


void
power_end (void)
{
    for (int at = 0; at < s_disk.count; at++) {
        s_free (&s_disk.files [at].live);
        s_free (&s_disk.files [at].disk);
        s_free (&s_disk.files [at].lost);
    }
    s_free (&s_disk.table);
    s_free (&s_disk.next);
    s_disk.count = 0;
}


//  The present generation, all of it on the disk; the next is given up before
//  it is looked at

void
power_begin (
    uint64_t seed, const char *folder, unsigned failing, unsigned calls)
{
    power_end ();
    s_disk.chance = (chance_t){seed};
    s_disk.failing = failing;
    s_disk.calls = calls;
    s_disk.is_cut = false;
    s_disk.changes = 0;
    s_disk.folders [0] = (folder_t){NOWHERE, NOWHERE};
    char *name = zsys_sprintf ("%s/Alford.table", folder);
    int fd = open (name, O_RDONLY);
    zstr_free (&name);
    if (fd >= 0) {
        struct stat facts;
        file_t *file = &s_disk.files [s_folder ()->table = s_add_file ()];
        assert_int_equal (fstat (fd, &facts), 0);
        s_resize (&file->live, (size_t) facts.st_size);
        s_resize (&file->disk, file->live.size);
        assert_int_equal (
            pread (fd, file->live.data, file->live.size, 0), file->live.size);
        s_copy (&file->disk, &file->live, 0, file->live.size);
        close (fd);
    }
}


bool
power_is_cut (void)
{
    pthread_mutex_lock (&s_disk.lock);
    bool is_cut = s_disk.is_cut;
    pthread_mutex_unlock (&s_disk.lock);
    return is_cut;
}


static void
s_restore_file (
    const char *folder, const char *end, const bytes_t *bytes, bool has)
{
    char *name = zsys_sprintf ("%s/Alford.table%s", folder, end);
    (void) unlink (name);
    if (has) {
        int fd = open (name, O_WRONLY | O_CREAT | O_EXCL, 0600);
        assert_true (fd >= 0);
        assert_int_equal (write (fd, bytes->data, bytes->size), bytes->size);
        close (fd);
    }
    zstr_free (&name);
}


void
power_restore (const char *folder)
{
    assert_true (s_disk.is_cut);
    s_restore_file (folder, "", &s_disk.table, s_disk.has_table);
    s_restore_file (folder, ".next", &s_disk.next, s_disk.has_next);
}
