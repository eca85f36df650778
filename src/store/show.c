/*  =========================================================================
    show - what a table on disk holds, for people and scripts
    =========================================================================
*/

#include "store/show.h"

#include "store/files.h"
#include "store/reader.h"
#include "table/copy.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

//  As large as a table can be
#define SIZE_MAX_HERE ((size_t) 1 << 35)

//  What was read of a file
typedef struct {
    block_title_t title;
    table_t *table;
    copy_t copy;  //  Of the table, to which nothing was written
    uint64_t size;
    uint64_t bad_size;
    uint64_t lost;  //  Records that there was no memory for
} contents_t;


static bool
s_complain (const char *file, const char *why)
{
    fprintf (stderr, "zherd: %s: %s\n", file, why);
    return false;
}


static void
s_put_lines (contents_t *self, span_t text)
{
    while (text.size) {
        location_t location;
        if (location_parse (&location, span_until (&text, '\n')))
            self->lost += table_put (self->table, &location, 0) == TABLE_FULL;
    }
}


//  The table's key is nobody's to know, lest clients be chosen to be slow in it

static bool
s_read (contents_t *self, const char *file, int fd)
{
    unsigned char key [TABLE_KEY_SIZE];
    const char *why;
    reader_result_t result;
    block_kind_t kind;
    span_t text = {NULL, 0};
    reader_t *reader = reader_new (&calls_of_system, fd, &why);
    if (!reader)
        return s_complain (file, why);
    self->title = *reader_title (reader);
    randombytes_buf (key, sizeof key);
    self->table = table_new (key, SIZE_MAX_HERE);
    bool made = copy_init (&self->copy, self->table);
    assert (made);
    while ((result = reader_next (reader, &kind, &text)) == READER_BLOCK)
        if (kind == BLOCK_RECORDS)
            s_put_lines (self, text);
    self->size = reader_file_size (reader);
    self->bad_size = reader_skipped (reader);
    if (self->size > reader_offset (reader))
        self->bad_size += self->size - reader_offset (reader);
    bool good = result != READER_FAILED || s_complain (file, strerror (errno));
    reader_destroy (&reader);
    return good;
}


//  Take what is in the file, which is open, and close it.  Returns false, all
//  being said, and without contents, if that can't be

static bool
s_load (contents_t *self, const char *file, int fd)
{
    *self = (contents_t){.table = NULL};
    if (fd == -1)
        return s_complain (file, strerror (errno));
    bool good = s_read (self, file, fd);
    if (!good)
        table_destroy (&self->table);
    close (fd);
    return good;
}


static bool
s_has_all (const contents_t *self, const char *file)
{
    return self->lost == 0 ||
           s_complain (file, "there is no memory for all that it has");
}


static void
s_print (span_t line, bool iamat)
{
    location_t location;
    location_reread (&location, line);
    if (iamat)
        printf ("IAMAT %.*s %.*s %.*s\n", (int) location.client.size,
            location.client.data, (int) location.place.size,
            location.place.data, (int) location.stamp.size,
            location.stamp.data);
    else
        printf ("%.*s\n", (int) line.size, line.data);
}


bool
show_records (const char *file, bool iamat)
{
    contents_t contents;
    static char buffer [BLOCK_TEXT_SIZE_MAX];
    uint64_t records = 0;
    int fd = open (file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (!s_load (&contents, file, fd))
        return false;
    for (size_t size; (size = copy_write (
                           &contents.copy, sizeof buffer, buffer, &records));) {
        span_t text = {buffer, size};
        while (text.size)
            s_print (span_until (&text, '\n'), iamat);
    }
    if (contents.bad_size)
        fprintf (stderr,
            "zherd: %s: %" PRIu64
            " bytes were not written whole, or altered, and are left out\n",
            file, contents.bad_size);
    table_destroy (&contents.table);
    return s_has_all (&contents, file);
}


static bool
s_is_of (const contents_t *self, const char *file, const char *herd,
    const char *server)
{
    if (strcmp (self->title.herd, herd) == 0 &&
        strcmp (self->title.server, server) == 0)
        return true;
    fprintf (stderr, "zherd: %s: it is the table of %s in herd %s\n", file,
        self->title.server, self->title.herd);
    return false;
}


bool
show_table (const char *folder, const char *herd, const char *server)
{
    char *file;
    char why [FILES_WHY_SIZE];
    contents_t contents = {.table = NULL};
    int size = asprintf (&file, "%s/%s.table", folder, server);
    assert (size > 0);
    int fd = files_look (folder, server, why);
    bool good = fd == -1 ? why [0] == '\0' || s_complain (folder, why)
                         : s_load (&contents, file, fd) &&
                               s_is_of (&contents, file, herd, server) &&
                               s_has_all (&contents, file);
    if (good)
        printf ("table\t%s\t%" PRIu64 "\t%zu\t%" PRIu64 "\t%" PRIu64 "\n", file,
            contents.title.number,
            contents.table ? table_count (contents.table) : 0, contents.size,
            contents.bad_size);
    table_destroy (&contents.table);
    free (file);
    return good;
}
