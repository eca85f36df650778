/*  =========================================================================
    generation - the file of a table, as it is written
    =========================================================================
*/

#include "store/generation.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>


static int
s_write (generation_t *self, const char *data, size_t size)
{
    while (size) {
        ssize_t done =
            self->calls->pwrite (self->fd, data, size, (off_t) self->offset);
        if (done == 0)
            errno = ENOSPC;
        if (done == 0 || (done < 0 && errno != EINTR))
            return -1;
        if (done > 0) {
            self->offset += (uint64_t) done;
            data += done;
            size -= (size_t) done;
        }
    }
    return 0;
}


int
generation_begin (generation_t *self, const calls_t *calls, int fd,
    const block_title_t *title)
{
    char line [BLOCK_TITLE_SIZE_MAX];
    size_t size = block_print_title (title, line);
    *self = (generation_t){.calls = calls, .fd = fd, .number = title->number};
    block_key (self->key, (span_t){line, size});
    return s_write (self, line, size) == -1 ? -1 : s_write (self, line, size);
}


void
generation_close (generation_t *self)
{
    if (self->fd >= 0)
        close (self->fd);
    *self = (generation_t){.fd = -1};
}


int
generation_write (
    generation_t *self, block_kind_t kind, char *buffer, size_t size)
{
    block_seal (self->key, self->offset, kind, buffer, size);
    return s_write (self, buffer, BLOCK_HEAD_SIZE + size);
}


int
generation_sync (generation_t *self)
{
    if (self->calls->fdatasync (self->fd) == -1)
        return -1;
    self->synced = self->offset;
    return 0;
}
