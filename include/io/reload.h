/*  =========================================================================
    reload - a topology file that is read again while the server goes on

    What changed counts from now on: links that are added, removed or moved, and
    settings; links that did not change notice nothing.  What can't change while
    the server runs is named in the log, and stays.  A file that is wrong
    changes nothing, and the log says what is wrong with it.
    =========================================================================
*/

#ifndef IO_RELOAD_H
#define IO_RELOAD_H

#include "config/difference.h"
#include "io/leave.h"
#include "io/pump.h"
#include "keys/keys.h"

//  Part of the daemon's structure; filled in before anything else.
typedef struct {
    config_t *config;    //  The present one, owned by the reload
    keys_t *keys;        //  The same; NULL = links are plain
    const char *server;  //  Our name, borrowed
    pump_t *pump;        //  Whose rooms are told; borrowed
    leave_t *leave;      //  The same
    uint64_t done;       //  Times the file was taken over
    uint64_t refused;    //  Times it was wrong
} reload_t;

//  Read the file again, and take over what it says: to be called inside no
//  event.
void
reload_now (reload_t *self);

//  Connect to all peers of the present config: to be called once, when the mesh
//  is there.
void
reload_connect (reload_t *self);

#endif
