/*  =========================================================================
    sections - what sections of the topology file say
    =========================================================================
*/

#ifndef CONFIG_SECTIONS_H
#define CONFIG_SECTIONS_H

#include <stdbool.h>
#include <stdint.h>

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
    char *cors;           //  have blanks between: origins of pages, or *;
    char *proxies;        //  addresses whose X-Forwarded-For is believed
    char *tokens;         //  File of tokens; NULL = there are none
    char *tiles;          //  URL of a map's tiles, and whose they are; or NULL
    uint64_t per_minute;  //  Applications' requests of one address
    uint64_t connections_max, listeners_max;  //  At once
    uint64_t inside_max;                      //  Clients in a listener's area
} config_http_t;

//  The stream in which regions meet.  Files are paths; NULL = none.
typedef struct {
    char *url;          //  Of servers of NATS; blanks are between
    char *stream;       //  Its name, and the first word of its subjects
    uint64_t replicas;  //  If we are to make it
    char *credentials;  //  File of JWT and seed
    char *nkey, *seed;  //  Public key, and file of its seed
    char *ca, *cert, *key;
} config_nats_t;

#endif
