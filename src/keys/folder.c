/*  =========================================================================
    folder - the folder that keys are in
    =========================================================================
*/

#include "keys/folder.h"

#include "config/zpl.h"
#include "log/replace.h"
#include "log/secret.h"

#include <sodium/utils.h>
#include <sys/file.h>
#include <sys/stat.h>

#define OTHERS (S_IRWXG | S_IRWXO)


//  A link in its place would be followed to who knows where

bool
folder_check (const char *folder)
{
    struct stat facts;
    if (lstat (folder, &facts) == -1)
        return zpl_wrong (folder, "cannot be read", "%s", strerror (errno));
    if (!S_ISDIR (facts.st_mode))
        return zpl_wrong (folder, "keys", "is not a folder");
    if (facts.st_uid != geteuid ())
        return zpl_wrong (folder, "keys", "belongs to another user");
    if (facts.st_mode & OTHERS)
        return zpl_wrong (folder, "keys",
            "is open to others than its owner (chmod 700 closes it)");
    return true;
}


int
folder_open (const char *folder)
{
    if (mkdir (folder, S_IRWXU) == -1 && errno != EEXIST) {
        zpl_wrong (folder, "cannot be made", "%s", strerror (errno));
        return -1;
    }
    if (!folder_check (folder))
        return -1;
    int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1 || flock (fd, LOCK_EX) == -1) {
        zpl_wrong (folder, "cannot be opened", "%s", strerror (errno));
        if (fd != -1)
            close (fd);
        return -1;
    }
    return fd;
}


char *
folder_path (const char *folder, const char *name, const char *suffix)
{
    char *path = zsys_sprintf ("%s/%s%s", folder, name, suffix);
    assert (path);
    return path;
}


bool
folder_has (const char *path)
{
    struct stat facts;
    return lstat (path, &facts) == 0;
}


bool
folder_needs (const char *path)
{
    return folder_has (path) || zpl_wrong (path, "cannot be read",
                                    "is missing: copy it from the machine "
                                    "where \"zherd keys\" made it");
}


//  Nothing that is not whole gets the name

static bool
s_write (int folder, const char *part, const char *path, const char *text,
    mode_t mode)
{
    size_t size = strlen (text);
    int fd = replace_begin (part);
    if (fd == -1)
        return false;
    bool good = fchmod (fd, mode) == 0 &&
                write (fd, text, size) == (ssize_t) size &&
                replace_end (fd, part, path) == 0 && fsync (folder) == 0;
    int error = errno;
    if (!good)
        replace_give_up (fd, part);
    close (fd);
    errno = error;
    return good;
}


bool
folder_write (int folder, const char *path, const char *text, mode_t mode)
{
    char *part = zsys_sprintf ("%s.part", path);
    assert (part);
    errno = ENOSPC;  //  What a short write says
    bool good = s_write (folder, part, path, text, mode);
    if (!good)
        zpl_wrong (path, "cannot be written", "%s", strerror (errno));
    zstr_free (&part);
    return good;
}


bool
folder_is_key (const char *text)
{
    uint8_t key [KEYS_SIZE];
    if (strlen (text) != KEYS_TEXT_SIZE)
        return false;
    bool good = zmq_z85_decode (key, text) != NULL;
    sodium_memzero (key, sizeof key);
    return good;
}


bool
folder_read_herd (const char *path, char text [KEYS_STRING_SIZE])
{
    const char *reason;
    char *line = zpl_slurp (path, KEYS_TEXT_SIZE + 1, ZPL_OURS, &reason);
    if (!line)
        return zpl_wrong (path, "cannot be read", "%s", reason);
    size_t size = strcspn (line, "\n");
    bool good = line [size] == '\n' && line [size + 1] == 0;
    line [size] = 0;
    good = good && folder_is_key (line);
    if (good)
        memcpy (text, line, KEYS_STRING_SIZE);
    secret_forget (&line);
    return good || zpl_wrong (path, "line 1", "is no key of %d letters in Z85",
                       KEYS_TEXT_SIZE);
}
