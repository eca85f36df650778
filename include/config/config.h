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
    uint64_t peers;                   //  Bit i: has a link to servers [i]
} config_server_t;

//  Limits on what a stranger can make a server hold.  Each has a default.
typedef struct {
    uint64_t line_size_max;         //  Bytes in a client's line
    uint64_t output_size_max;       //  Bytes of replies a client hasn't read
    uint64_t output_stall_seconds;  //  Then a client that reads nothing is cut
    uint64_t idle_seconds;          //  A silent client is closed; 0 = never
    uint64_t connections_max;       //  Client connections at once
    uint64_t connections_per_address;  //  Of these; 0 = no limit
    uint64_t new_clients_per_minute;   //  That an address brings; 0 = no limit
    uint64_t client_size_max;          //  Bytes of an ID that a client may use
    uint64_t waiting_max;       //  Replies that wait for Places, a client
    uint64_t waiting_size_max;  //  Bytes that wait for all clients
    uint64_t table_size_max;    //  Bytes of locations known
    uint64_t drain_ms;          //  For what is pending after SIGTERM
    uint64_t loading_wait_ms;   //  For questions about clients that a server
                                //  which loads does not know yet
} config_limits_t;

typedef struct {
    char *provider;            //  An API's name
    char *url;                 //  Where to ask; without query
    char *key;                 //  From PLACES_API_KEY or key_file, or NULL
    uint64_t timeout_ms;       //  For a whole lookup, waiting included
    uint64_t body_size_max;    //  Bytes of an answer, after decompression
    uint64_t connections_max;  //  To the provider, at once
    uint64_t queue_max;        //  Questions that wait for a connection
    uint64_t per_second;       //  Requests at most; 0 = no limit
    uint64_t per_day;          //
    uint64_t per_client_per_minute;  //  Of an address's lookups; 0 = no limit
    uint64_t cache_seconds;          //  Answers are kept for so long; 0 = not
    uint64_t cache_size_max;         //  Bytes of them
    bool full;                       //  google_fields is full, not pro
} config_places_t;

//  The HTTP port of clients.
typedef struct {
    bool open;            //  Who reaches it may use it, also off loopback
    char *hosts;          //  Names it has besides its own; these lists
    char *cors;           //  have blanks between: origins of pages that
                          //  may use it, or *;
    char *proxies;        //  addresses whose X-Forwarded-For is believed
    char *tokens;         //  File of tokens; NULL = there are none
    uint64_t per_minute;  //  Applications' requests of one address
    uint64_t connections_max, listeners_max;  //  At once
    uint64_t inside_max;                      //  Clients in a listener's area
} config_http_t;

typedef struct config_t {
    char *file;                //  As given to config_new
    char *name;                //  The herd's, of the same letters
    char *secret;              //  From HERD_SECRET; empty if not set
    char *places_key;          //  From PLACES_API_KEY, or NULL
    uint64_t ttl_seconds;      //  Clients silent for so long expire; 0 = never
    config_server_t *servers;  //  In the file's order
    size_t server_count;       //  1 to CONFIG_SERVERS_MAX
    config_limits_t limits;    //
    config_places_t places;    //
    config_http_t http;        //
    bool log_full;             //  log/level is full, not notices
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
//  Return the index of the server of that name, or -1.
int
config_find (const config_t *self, const char *server);

//  Fill in the names of the peers of the server at the index, in the order of
//  servers; good as long as self.  Returns how many there are.
unsigned
config_peers (const config_t *self, size_t server,
    const char *names [CONFIG_SERVERS_MAX]);

//  Print, for scripts, a line "places" and the provider's URL ("-" if none); a
//  line "keys" and their folder ("plain", or "-" if it is not said); then one
//  line a server: its name, its endpoints (clients, mesh, admin) and its peers
//  ("-" if none).  Tabs are between words, commas between peers.
void
config_print (const config_t *self);

#endif
