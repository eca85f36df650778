/*  =========================================================================
    pair - a server's own keys, public and secret: NAME.secret
    =========================================================================
*/

#include "keys/pair.h"

#include "config/zpl.h"

#include <sodium/utils.h>
#include <sys/stat.h>

#define FILE_SIZE_MAX 4096
#define FORMAT                                                                 \
    "#   The secret of one server of a herd: nobody else may have it.\n"       \
    "\n"                                                                       \
    "metadata\n"                                                               \
    "curve\n"                                                                  \
    "    public-key = \"%s\"\n"                                                \
    "    secret-key = \"%s\"\n"

static const zpl_rule_t s_rules [] = {
    {.key = "metadata", .section = true},
    {.key = "metadata/*"},
    {.key = "curve", .section = true},
    {.key = "curve/public-key"},
    {.key = "curve/secret-key"},
    {0},
};


void
pair_make (pair_t *self)
{
    int rc = zmq_curve_keypair (self->public, self->secret);
    assert (rc == 0);
}


static bool
s_copy_key (const char *path, zconfig_t *root, const char *key,
    char text [KEYS_STRING_SIZE])
{
    const char *value = zconfig_get (root, key, "");
    if (!folder_is_key (value))
        return zpl_wrong (
            path, key, "is no key of %d letters in Z85", KEYS_TEXT_SIZE);
    memcpy (text, value, KEYS_STRING_SIZE);
    return true;
}


static bool
s_belong (const pair_t *self, const char *path)
{
    char public [KEYS_STRING_SIZE];
    int rc = zmq_curve_public (public, self->secret);
    assert (rc == 0);
    return streq (public, self->public) || zpl_wrong (path, "curve/public-key",
                                               "is not that of the secret key");
}


bool
pair_read (pair_t *self, const char *path)
{
    zconfig_t *root = zpl_load (path, FILE_SIZE_MAX, ZPL_OURS, s_rules);
    bool good = root &&
                s_copy_key (path, root, "curve/public-key", self->public) &&
                s_copy_key (path, root, "curve/secret-key", self->secret) &&
                s_belong (self, path);
    char *secret = root ? zconfig_get (root, "curve/secret-key", NULL) : NULL;
    if (secret)
        sodium_memzero (secret, strlen (secret));
    zconfig_destroy (&root);
    if (!good)
        pair_wipe (self);
    return good;
}


bool
pair_write (const pair_t *self, int folder, const char *path)
{
    char text [sizeof (FORMAT) + sizeof (pair_t)];
    snprintf (text, sizeof text, FORMAT, self->public, self->secret);
    bool good = folder_write (folder, path, text, S_IRUSR | S_IWUSR);
    sodium_memzero (text, sizeof text);
    return good;
}


void
pair_wipe (pair_t *self)
{
    sodium_memzero (self, sizeof *self);
}
