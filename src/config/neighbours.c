/*  =========================================================================
    neighbours - who is linked to whom, as the topology file has it
    =========================================================================
*/

#include "config/neighbours.h"

#include "config/zpl.h"

#define KEY_SIZE 256  //  Of a key in the file


static int
s_find (const config_t *self, span_t name)
{
    for (size_t index = 0; index < self->server_count; index++)
        if (span_equal (span_of (self->servers [index].name), name))
            return (int) index;
    return -1;
}


//  Link the server to those named in the text.  Whatever says a link again is
//  an error, from the other side too: one of the two is a slip.

static bool
s_read_links (config_t *self, const char *key, int server, const char *text)
{
    span_t rest = span_of (text);
    span_t name = span_field (&rest);
    if (name.size == 0)
        return zpl_wrong (self->file, key, "names no server");
    for (; name.size > 0; name = span_field (&rest)) {
        int peer = s_find (self, name);
        if (peer == -1)
            return zpl_wrong (self->file, key, "there is no server %.*s",
                (int) name.size, name.data);
        if (peer == server)
            return zpl_wrong (self->file, key, "a link to itself");
        if (self->servers [server].peers & UINT64_C (1) << peer)
            return zpl_wrong (self->file, key, "the link to %s is there twice",
                self->servers [peer].name);
        self->servers [server].peers |= UINT64_C (1) << peer;
        self->servers [peer].peers |= UINT64_C (1) << server;
    }
    return true;
}


bool
neighbours_read (config_t *self, zconfig_t *root)
{
    zconfig_t *section = zconfig_locate (root, "links");
    zconfig_t *item = section ? zconfig_child (section) : NULL;
    for (; item; item = zconfig_next (item)) {
        char key [KEY_SIZE];
        snprintf (key, sizeof key, "links/%s", zconfig_name (item));
        int server = config_find (self, zconfig_name (item));
        if (server == -1)
            return zpl_wrong (self->file, key, "there is no such server");
        if (!s_read_links (self, key, server, zconfig_value (item)))
            return false;
    }
    return true;
}
