/*  =========================================================================
    roll - who has which public key: herd.pub

    A line has a server's name, blanks, and its key in Z85.  While a key is
    changed, its server has two lines, the new key first.  Blank lines are
    ignored.
    =========================================================================
*/

#ifndef KEYS_ROLL_H
#define KEYS_ROLL_H

#include "base/span.h"
#include "keys/folder.h"

//  Lines in all: for 64 servers
#define ROLL_LINES_MAX ((size_t) 64 * KEYS_MAX)

typedef struct {
    char name [SPAN_NAME_SIZE_MAX + 1];
    char key [KEYS_STRING_SIZE];
} roll_line_t;

typedef struct {
    roll_line_t lines [ROLL_LINES_MAX];
    size_t count;
} roll_t;

//  Read the file.  Returns false after a line on standard error that names the
//  file and line and says what is wrong.
bool
roll_read (roll_t *self, const char *path);

//  Write the lines to the file, as folder_write does.
bool
roll_write (const roll_t *self, int folder, const char *path);

//  Return the server's key at the index, 0 = the newest, or NULL.
const char *
roll_find (const roll_t *self, const char *name, unsigned index);

//  Return true if the key is one of the server's.  If not, say in a line on
//  standard error that the file lacks what is in its secret.
bool
roll_lists (
    const roll_t *self, const char *path, const char *name, const char *key);

//  Put a key before those of the server, which keeps but one of them: the old
//  key.  Old is NULL if it has none.  Returns false if there is no room.
bool
roll_put (roll_t *self, const char *name, const char *key, const char *old)
    __attribute__ ((warn_unused_result));

//  Remove all keys of the server but this one.  Returns how many.
unsigned
roll_keep (roll_t *self, const char *name, const char *key);

#endif
