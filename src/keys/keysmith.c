/*  =========================================================================
    keysmith - makes and changes the keys of a herd
    =========================================================================
*/

#include "keys/keysmith.h"

#include "config/zpl.h"
#include "keys/pair.h"
#include "keys/roll.h"

#include <sodium/randombytes.h>
#include <sodium/utils.h>
#include <sys/stat.h>

//  A folder at work
typedef struct {
    const char *folder;
    int fd;       //  Held until we are done
    char *path;   //  Of the roll
    roll_t roll;  //
} smithy_t;


static bool
s_begin (smithy_t *self, const char *folder)
{
    self->folder = folder;
    self->fd = folder_open (folder);
    self->path = folder_path (folder, FOLDER_ROLL, "");
    self->roll.count = 0;
    return self->fd != -1 &&
           (!folder_has (self->path) || roll_read (&self->roll, self->path));
}


static bool
s_end (smithy_t *self, bool good)
{
    if (self->fd != -1)
        close (self->fd);
    zstr_free (&self->path);
    return good;
}


//  The herd's key is made first, so that where others are and it is not, it
//  got lost, and a new one would be another herd's

static bool
s_make_herd (const smithy_t *self)
{
    char *path = folder_path (self->folder, FOLDER_HERD, "");
    bool good = true;
    if (self->roll.count)
        good = folder_needs (path);
    else if (!folder_has (path)) {
        uint8_t key [KEYS_SIZE];
        char text [KEYS_STRING_SIZE + 1];
        randombytes_buf (key, sizeof key);
        zmq_z85_encode (text, key, sizeof key);
        text [KEYS_TEXT_SIZE] = '\n';
        text [KEYS_TEXT_SIZE + 1] = 0;
        good = folder_write (self->fd, path, text, S_IRUSR | S_IWUSR);
        sodium_memzero (key, sizeof key);
        sodium_memzero (text, sizeof text);
        if (good)
            printf ("%s: made, for all machines\n", path);
    }
    zstr_free (&path);
    return good;
}


static bool
s_list (smithy_t *self, const char *server, const char *key, const char *old)
{
    return roll_put (&self->roll, server, key, old) ||
           zpl_wrong (self->path, server,
               "there is no room: %zu keys are there", ROLL_LINES_MAX);
}


//  Make the server's pair if there is none, here or elsewhere.  The secret is
//  written before the roll, and may be there without it if that failed

static bool
s_make_pair (smithy_t *self, const char *server, bool *changed)
{
    char *path = folder_path (self->folder, server, ".secret");
    bool listed = roll_find (&self->roll, server, 0);
    bool good = true;
    pair_t pair;
    if (!listed && folder_has (path))
        good = pair_read (&pair, path);
    else if (!listed) {
        pair_make (&pair);
        good = pair_write (&pair, self->fd, path);
        if (good)
            printf ("%s: made\n", path);
    }
    if (!listed && good) {
        good = s_list (self, server, pair.public, NULL);
        pair_wipe (&pair);
        *changed = true;
    }
    zstr_free (&path);
    return good;
}


bool
keysmith_make (
    const char *folder, const char *const *servers, size_t server_count)
{
    smithy_t self;
    bool changed = false;
    bool good = s_begin (&self, folder) && s_make_herd (&self);
    for (size_t index = 0; good && index < server_count; index++)
        good = s_make_pair (&self, servers [index], &changed);
    if (good && changed) {
        good = roll_write (&self.roll, self.fd, self.path);
        if (good)
            printf ("%s: written\n", self.path);
    }
    return s_end (&self, good);
}


//  Read the pair of the server, which must be here

static bool
s_read_pair (
    const smithy_t *self, const char *server, pair_t *pair, char **path_p)
{
    *path_p = folder_path (self->folder, server, ".secret");
    return folder_needs (*path_p) && pair_read (pair, *path_p);
}


//  An old secret would end the key that the server uses now.  Whoever fails in
//  between leaves a roll that has a key more, which does no harm

bool
keysmith_rotate (const char *folder, const char *server)
{
    smithy_t self;
    pair_t old;
    pair_t new;
    char *path = NULL;
    bool good =
        s_begin (&self, folder) && s_read_pair (&self, server, &old, &path);
    if (good && roll_find (&self.roll, server, 0))
        good = roll_lists (&self.roll, self.path, server, old.public);
    if (good) {
        pair_make (&new);
        good = s_list (&self, server, new.public, old.public) &&
               roll_write (&self.roll, self.fd, self.path) &&
               pair_write (&new, self.fd, path);
        pair_wipe (&new);
        pair_wipe (&old);
    }
    if (good)
        printf ("%s: has a new key of %s, before its old one\n"
                "%s: has the new one\n",
            self.path, server, path);
    zstr_free (&path);
    return s_end (&self, good);
}


bool
keysmith_retire (const char *folder, const char *server)
{
    smithy_t self;
    pair_t pair;
    char *path = NULL;
    unsigned retired = 0;
    bool good =
        s_begin (&self, folder) && s_read_pair (&self, server, &pair, &path);
    if (good) {
        good = roll_lists (&self.roll, self.path, server, pair.public);
        if (good)
            retired = roll_keep (&self.roll, server, pair.public);
        if (retired)
            good = roll_write (&self.roll, self.fd, self.path);
        pair_wipe (&pair);
    }
    if (good)
        printf ("%s: %u old keys of %s removed\n", self.path, retired, server);
    zstr_free (&path);
    return s_end (&self, good);
}
