/*  =========================================================================
    security - whether links between servers have keys, or are plain
    =========================================================================
*/

#include "config/security.h"

#include "config/zpl.h"

#define KEY_SIZE 256  //  Of a key in the file


bool
security_read (config_t *self, zconfig_t *root)
{
    const char *folder = zconfig_get (root, "mesh/keys", NULL);
    const char *security = zconfig_get (root, "mesh/security", NULL);
    if (security && !streq (security, "plain"))
        return zpl_wrong (self->file, "mesh/security",
            "can be plain alone; leave it out, and mesh/keys says where the "
            "keys are");
    if (folder && security)
        return zpl_wrong (
            self->file, "mesh/security", "is plain, and mesh/keys names keys");
    if (folder && !*folder)
        return zpl_wrong (self->file, "mesh/keys", "names no folder");
    self->plain = security;
    if (folder)
        self->keys = zpl_beside (self->file, folder);
    return true;
}


bool
security_use_keys (config_t *self, const char *folder)
{
    if (self->plain)
        return zpl_wrong (self->file, "mesh/security",
            "is plain, and keys in %s are given", folder);
    free (self->keys);
    self->keys = strdup (folder);
    assert (self->keys);
    self->keys_given = true;
    return true;
}


bool
security_is_loopback (const config_endpoint_t *endpoint)
{
    return !endpoint->at.is_name &&
           address_is_loopback (&endpoint->at.address) &&
           address_is_loopback (&endpoint->listen.address);
}


const char *
security_words (const config_t *self)
{
    if (self->keys)
        return *self->secret ? "links have keys, and no use for HERD_SECRET"
                             : "links have keys";
    return self->plain ? "links are plain, as mesh/security says"
                       : "links are plain: with keys in mesh/keys servers "
                         "would prove who they are";
}


const config_server_t *
security_exposed (const config_t *self, unsigned *more)
{
    const config_server_t *first = NULL;
    *more = 0;
    for (size_t index = 0; index < self->server_count; index++) {
        const config_server_t *server = &self->servers [index];
        if (security_is_loopback (&server->mesh))
            continue;
        *more += first != NULL;
        first = first ? first : server;
    }
    return first;
}


bool
security_permits (const config_t *self)
{
    unsigned more;
    char key [KEY_SIZE];
    const config_server_t *exposed = security_exposed (self, &more);
    if (self->keys || self->plain || !exposed)
        return true;
    snprintf (key, sizeof key, "servers/%s/mesh", exposed->name);
    return zpl_wrong (self->file, key,
        "%s is not loopback, and there are no keys: make them with \"zherd "
        "keys %s\" and name their folder as mesh/keys, or say mesh/security = "
        "plain, and who can read that network reads and forges locations",
        exposed->mesh.at.host, self->file);
}
