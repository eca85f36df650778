/*  =========================================================================
    config - the topology file, read and checked

    A topology file is ZPL (ZeroMQ RFC 4): the herd's name, its servers, their
    links, the Places provider and the limits.  A config is complete and
    consistent, or there is none.
    =========================================================================
*/

#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/endpoint.h"
#include "config/sections.h"

#define CONFIG_SERVERS_MAX 64
#define CONFIG_NAME_MAX SPAN_NAME_SIZE_MAX

//  A port of a server.  What it listens at, if the file does not say, is where
//  others find it, if that is a number; any address, if that is a name.
typedef struct {
    endpoint_t at;      //  Where others find it
    endpoint_t listen;  //  An address of its machine, or any; never a name
    bool is_said;       //  The file has a key listen
} config_endpoint_t;

typedef struct {
    char name [CONFIG_NAME_MAX + 1];  //  Of A-Z a-z 0-9 _ - .
    config_endpoint_t clients;        //  For clients
    config_endpoint_t mesh;           //  For peers
    config_endpoint_t admin;          //  For operators
    config_endpoint_t http;           //  For phones,
    bool has_http;                    //  if it has one
    bool near;                        //  As server_options_t has it
    bool gateway;                     //  Joins other regions, and then has no
                                      //  clients
    uint64_t peers;                   //  Bit i: has a link to servers [i]
} config_server_t;

typedef struct config_t {
    char *file;                //  As given to config_new
    char *name;                //  The herd's, of the same letters
    char *secret;              //  From HERD_SECRET; empty if not set
    char *places_key;          //  From PLACES_API_KEY, or NULL
    char *region;              //  herd/region, or NULL
    config_nats_t nats;        //
    uint64_t ttl_seconds;      //  Clients silent for so long expire; 0 = never
    config_server_t *servers;  //  In the file's order
    size_t server_count;       //  1 to CONFIG_SERVERS_MAX
    config_limits_t limits;    //
    config_places_t places;    //
    config_http_t http;        //
    bool log_full;             //  log/level is full, not notices
    bool log_json;             //  log/format is json, not text
    uint64_t log_size_max;     //  Bytes, then the log is begun anew; 0 = never
    bool has_clients_max;      //  limits/connections_max has its old name
    uint64_t reconnect_ms;     //  mesh/reconnect_ms
    char *keys;                //  Folder of keys, NULL = there are none
    bool keys_given;           //  By security_use_keys, not by the file
    bool plain;                //  mesh/security is plain
    char *store_folder;        //  store/folder, or NULL
    uint64_t store_sync_ms;    //  store/sync_ms
} config_t;

//  Read the topology file and the environment, out of which the secrets are
//  taken; or the file of a config again, with what the file does not say, these
//  secrets and a folder of keys, as before.  Returns NULL when anything is
//  wrong, after one line on standard error: "zherd: FILE: KEY: reason".
config_t *
config_new (const char *file);
config_t *
config_reread (const config_t *before);

//  Return the key of the next value, but for the servers', that two configs do
//  not share, or NULL.  *at is 0 at first.
const char *
config_next_difference (const config_t *one, const config_t *other, size_t *at);

//  Wipe the keys, free the config and set *self_p to NULL.
void
config_destroy (config_t **self_p);

//  Return the index of the server of that name, or -1.  config_seek also says
//  in a line on standard error that there is none.
int
config_find (const config_t *self, const char *server);
int
config_seek (const config_t *self, const char *server);

//  Fill in the names of all servers; good as long as self.
void
config_names (const config_t *self, const char *names [CONFIG_SERVERS_MAX]);

//  Fill in the names of the peers of the server at the index, in the order of
//  servers; good as long as self.  Returns how many there are.
unsigned
config_peers (const config_t *self, size_t server,
    const char *names [CONFIG_SERVERS_MAX]);

//  Print a line "places" and the provider's URL; one "keys" and their folder,
//  or "plain"; a heading; and one a server: name, clients, mesh, admin, http,
//  peers.  Tabs are between words; "-" stands for none.
void
config_print (const config_t *self);

#endif
