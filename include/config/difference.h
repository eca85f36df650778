/*  =========================================================================
    difference - what a topology file that is read again makes different

    For one server, which has its name in both.  What it is bound to, and of
    which herd it is, stays as it is until it starts anew.
    =========================================================================
*/

#ifndef CONFIG_DIFFERENCE_H
#define CONFIG_DIFFERENCE_H

#include "config/config.h"

typedef enum {
    DIFFERENCE_ADDED,    //  There is a link to it now
    DIFFERENCE_REMOVED,  //  There is none any more
    DIFFERENCE_MOVED     //  There still is, and it is found elsewhere
} difference_kind_t;

typedef struct {
    difference_kind_t kind;
    const config_server_t *peer;  //  As it is now; if removed, as it was
} difference_link_t;

//  Links there can be, before and after.
#define DIFFERENCE_LINKS_MAX (2 * CONFIG_SERVERS_MAX)

//  Room for names of keys; what does not fit is cut.
#define DIFFERENCE_KEYS_SIZE 768

typedef struct {
    difference_link_t links [DIFFERENCE_LINKS_MAX];
    size_t link_count;
    char keys
        [DIFFERENCE_KEYS_SIZE];  //  That have other values, "a, b": but for
                                 //  links and peers
    char fixed
        [DIFFERENCE_KEYS_SIZE];  //  The same, which count from the next start
} difference_t;

//  Compare two configs, for the servers at the indices.  Links that are removed
//  come first.  Borrows both.
void
difference_find (difference_t *self, const config_t *before,
    size_t server_before, const config_t *after, size_t server_after);

//  Let the config that comes after have what counts from the next start as the
//  one before has it, which is good for nothing any more.
void
difference_keep (config_t *before, size_t server_before, config_t *after,
    size_t server_after);

#endif
