/*  =========================================================================
    security - whether links between servers have keys, or are plain

    Links have keys if mesh/keys or an option names their folder.  Off loopback
    they are plain only where mesh/security says so.
    =========================================================================
*/

#ifndef CONFIG_SECURITY_H
#define CONFIG_SECURITY_H

#include "config/config.h"

#include <czmq.h>

//  Read mesh/keys and mesh/security.  Returns false, after one line on standard
//  error, when something is wrong.
bool
security_read (config_t *self, zconfig_t *root);

//  Take the keys from this folder, whatever mesh/keys says.  Returns false,
//  after one line on standard error, if the file says that links are plain.
bool
security_use_keys (config_t *self, const char *folder);

//  Return true if a server may start.  If links would be plain off loopback
//  though nobody said so, say in one line on standard error what can be done.
bool
security_permits (const config_t *self);

//  Return true if it is on loopback, both where it is found and where it
//  listens.
bool
security_is_loopback (const config_endpoint_t *endpoint);

//  Return for the log, in words, whether links have keys.  A constant.
const char *
security_words (const config_t *self);

//  Return the first server whose mesh is off loopback, or NULL, and how many
//  more there are.
const config_server_t *
security_exposed (const config_t *self, unsigned *more);

#endif
