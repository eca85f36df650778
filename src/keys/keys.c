/*  =========================================================================
    keys - by which servers know each other
    =========================================================================
*/

#include "keys/keys.h"

#include "config/zpl.h"
#include "keys/pair.h"
#include "keys/roll.h"

#include <sodium/utils.h>

struct keys_t {
    pair_t own;
    char herd [KEYS_STRING_SIZE];
    roll_t roll;  //  Of peers alone, once read
};


static bool
s_is_peer (const keys_options_t *options, const char *name)
{
    for (unsigned peer = 0; peer < options->peer_count; peer++)
        if (streq (options->peers [peer], name))
            return true;
    return false;
}


static void
s_keep_peers (roll_t *roll, const keys_options_t *options)
{
    size_t kept = 0;
    for (size_t index = 0; index < roll->count; index++)
        if (s_is_peer (options, roll->lines [index].name))
            roll->lines [kept++] = roll->lines [index];
    roll->count = kept;
}


//  If our key is not listed, peers would refuse us, and we would not know why

static bool
s_read (keys_t *self, const keys_options_t *options)
{
    const char *folder = options->folder;
    char *herd = folder_path (folder, FOLDER_HERD, "");
    char *secret = folder_path (folder, options->server, ".secret");
    char *roll = folder_path (folder, FOLDER_ROLL, "");
    bool good =
        folder_check (folder) && folder_needs (secret) && folder_needs (herd) &&
        folder_needs (roll) && pair_read (&self->own, secret) &&
        folder_read_herd (herd, self->herd) && roll_read (&self->roll, roll) &&
        roll_lists (&self->roll, roll, options->server, self->own.public);
    zstr_free (&herd);
    zstr_free (&secret);
    zstr_free (&roll);
    if (good)
        s_keep_peers (&self->roll, options);
    return good;
}


keys_t *
keys_new (const keys_options_t *options)
{
    keys_t *self = zmalloc (sizeof (keys_t));
    if (!s_read (self, options))
        keys_destroy (&self);
    return self;
}


bool
keys_read (keys_t **self_p, const config_t *config, size_t server)
{
    const char *peers [CONFIG_SERVERS_MAX];
    *self_p = NULL;
    if (!config->keys)
        return true;
    *self_p = keys_new (&(keys_options_t){.folder = config->keys,
        .server = config->servers [server].name,
        .peers = peers,
        .peer_count = config_peers (config, server, peers)});
    return *self_p;
}


void
keys_destroy (keys_t **self_p)
{
    keys_t *self = *self_p;
    if (self) {
        sodium_memzero (self, sizeof *self);
        free (self);
        *self_p = NULL;
    }
}


const char *
keys_public (const keys_t *self)
{
    return self->own.public;
}


const char *
keys_secret (const keys_t *self)
{
    return self->own.secret;
}


const char *
keys_herd (const keys_t *self)
{
    return self->herd;
}


const char *
keys_of (const keys_t *self, const char *peer, unsigned attempt)
{
    const char *second = roll_find (&self->roll, peer, 1);
    return attempt % KEYS_MAX && second ? second
                                        : roll_find (&self->roll, peer, 0);
}


const char *
keys_owner (const keys_t *self, const char *key)
{
    for (size_t index = 0; index < self->roll.count; index++)
        if (streq (self->roll.lines [index].key, key))
            return self->roll.lines [index].name;
    return NULL;
}


bool
keys_has (const keys_t *self, const char *peer, const char *key)
{
    const char *owner = keys_owner (self, key);
    return owner && streq (owner, peer);
}
