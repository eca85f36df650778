/*  =========================================================================
    roll - who has which public key: herd.pub
    =========================================================================
*/

#include "keys/roll.h"

#include "config/zpl.h"

#include <sys/stat.h>

#define LINE_SIZE_MAX (SPAN_NAME_SIZE_MAX + 1 + KEYS_TEXT_SIZE + 1)
//  By hand, blanks may come in
#define FILE_SIZE_MAX (2 * ROLL_LINES_MAX * LINE_SIZE_MAX)


static unsigned
s_count (const roll_t *self, const char *name)
{
    unsigned count = 0;
    while (roll_find (self, name, count))
        count++;
    return count;
}


static const roll_line_t *
s_find_key (const roll_t *self, const char *key)
{
    for (size_t index = 0; index < self->count; index++)
        if (streq (self->lines [index].key, key))
            return &self->lines [index];
    return NULL;
}


//  Add a line of the file.  Returns what is wrong, or NULL

static const char *
s_add (roll_t *self, span_t text)
{
    span_t name = span_field (&text);
    if (name.size == 0)
        return NULL;
    span_t key = span_field (&text);
    roll_line_t line = {.name = ""};
    if (!span_is_name (name))
        return "does not begin with a server's name";
    memcpy (line.name, name.data, name.size);
    if (key.size == KEYS_TEXT_SIZE)
        memcpy (line.key, key.data, key.size);
    if (!folder_is_key (line.key))
        return "has no key of 40 letters in Z85 after the name";
    if (span_field (&text).size)
        return "has more than a name and a key";
    if (s_find_key (self, line.key))
        return "has a key that another line has";
    if (s_count (self, line.name) == KEYS_MAX)
        return "is a third key of one server";
    if (self->count == ROLL_LINES_MAX)
        return "is one too many: there can be 64 servers, with two keys each";
    self->lines [self->count++] = line;
    return NULL;
}


bool
roll_read (roll_t *self, const char *path)
{
    const char *reason = NULL;
    char *text = zpl_slurp (path, FILE_SIZE_MAX, ZPL_ANYBODYS, &reason);
    self->count = 0;
    if (!text)
        return zpl_wrong (path, "cannot be read", "%s", reason);
    span_t rest = span_of (text);
    for (unsigned number = 1; rest.size && !reason; number++) {
        char key [32];
        reason = s_add (self, span_until (&rest, '\n'));
        snprintf (key, sizeof key, "line %u", number);
        if (reason)
            zpl_wrong (path, key, "%s", reason);
    }
    free (text);
    return !reason;
}


bool
roll_write (const roll_t *self, int folder, const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    assert (out);
    for (size_t index = 0; index < self->count; index++)
        fprintf (
            out, "%s %s\n", self->lines [index].name, self->lines [index].key);
    fclose (out);
    bool good = folder_write (
        folder, path, text, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
    free (text);
    return good;
}


const char *
roll_find (const roll_t *self, const char *name, unsigned index)
{
    for (size_t at = 0; at < self->count; at++)
        if (streq (self->lines [at].name, name) && index-- == 0)
            return self->lines [at].key;
    return NULL;
}


bool
roll_lists (
    const roll_t *self, const char *path, const char *name, const char *key)
{
    const roll_line_t *line = s_find_key (self, key);
    return (line && streq (line->name, name)) ||
           zpl_wrong (path, name,
               "no line has the key that is in its secret: one of the two is "
               "old; copy it from the machine where \"zherd keys\" made it");
}


//  Where the server's first line is, or a new one behind all

static size_t
s_place (const roll_t *self, const char *name)
{
    size_t place = 0;
    while (place < self->count && !streq (self->lines [place].name, name))
        place++;
    return place;
}


bool
roll_put (roll_t *self, const char *name, const char *key, const char *old)
{
    size_t place = s_place (self, name);
    roll_keep (self, name, old ? old : "");
    if (self->count == ROLL_LINES_MAX)
        return false;
    memmove (&self->lines [place + 1], &self->lines [place],
        (self->count - place) * sizeof (roll_line_t));
    self->count++;
    roll_line_t *line = &self->lines [place];
    snprintf (line->name, sizeof line->name, "%s", name);
    snprintf (line->key, sizeof line->key, "%s", key);
    return true;
}


unsigned
roll_keep (roll_t *self, const char *name, const char *key)
{
    size_t kept = 0;
    size_t count = self->count;
    for (size_t at = 0; at < count; at++)
        if (!streq (self->lines [at].name, name) ||
            streq (self->lines [at].key, key))
            self->lines [kept++] = self->lines [at];
    self->count = kept;
    return (unsigned) (count - kept);
}
