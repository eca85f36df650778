/*  =========================================================================
    import_case - an import of a few records, and what it said
    =========================================================================
*/

#include "places/import_case.h"

#include <czmq.h>
#include <sys/mman.h>

#include <setjmp.h>
#include <cmocka.h>


static int
s_file_of (const char *bytes, size_t size)
{
    int fd = memfd_create ("test", 0);
    assert_true (fd >= 0);
    for (size_t sent = 0; sent < size;) {
        ssize_t rc = write (fd, bytes + sent, size - sent);
        assert_true (rc > 0);
        sent += (size_t) rc;
    }
    return fd;
}


static void
s_read_image (import_case_t *self, int fd)
{
    struct stat about;
    assert_int_equal (fstat (fd, &about), 0);
    self->size = (size_t) about.st_size;
    self->bytes = zmalloc (self->size + 1);
    assert_int_equal (pread (fd, self->bytes, self->size, 0), self->size);
    self->image = image_new (fd);
    assert_non_null (self->image);
}


void
import_case_run (
    import_case_t *self, const char *records, size_t size, bool progress)
{
    *self = (import_case_t){0};
    int in = s_file_of (records, size);
    int out = s_file_of ("", 0);
    int said = s_file_of ("", 0);
    int kept = dup (STDERR_FILENO);
    char name [32];
    snprintf (name, sizeof (name), "/proc/self/fd/%d", in);
    dup2 (said, STDERR_FILENO);
    self->rc = import_file (name, NULL, out, progress, &self->count);
    dup2 (kept, STDERR_FILENO);
    ssize_t got = pread (said, self->said, sizeof (self->said) - 1, 0);
    assert_true (got >= 0);
    if (self->rc == 0)
        s_read_image (self, out);
    close (in);
    close (out);
    close (said);
    close (kept);
}


place_t
import_case_find (import_case_t *self, const char *records, const char *id)
{
    import_case_run (self, records, strlen (records), false);
    if (self->rc < 0 || *self->said)
        fail_msg ("%s", self->said);
    for (size_t index = 0; index < image_size (self->image); index++) {
        place_t place =
            image_place (self->image, &image_entries (self->image) [index]);
        if (span_equal (place.id, span_of (id)))
            return place;
    }
    return (place_t){0};
}


image_t *
import_case_map (const char *bytes, size_t size)
{
    int fd = s_file_of (bytes, size);
    image_t *image = image_new (fd);
    close (fd);
    return image;
}


void
import_case_free (import_case_t *self)
{
    image_destroy (&self->image);
    free (self->bytes);
    *self = (import_case_t){0};
}
