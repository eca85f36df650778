/*  =========================================================================
    stage - the loop that a bridge runs in

    Until SIGTERM or SIGINT.  SIGHUP opens the log's name again; SIGUSR1 logs
    the counts, and so does a minute in which they have changed.
    =========================================================================
*/

#ifndef MQTT_STAGE_H
#define MQTT_STAGE_H

#include "loop/poller.h"
#include "mqtt/diary.h"

//  How often counts are logged, if they have changed.
#define STAGE_COUNTS_MS 60000

//  Part of the owner's structure, which sets the first ones, before stage_open.
typedef struct {
    diary_t *diary;        //  Borrowed
    poller_turn_fn *turn;  //  At the end of every turn, and after each tick
    poller_turn_fn *tick;  //  Ten times a second

    //  Write the counts to the text, of DIARY_LINE_SIZE_MAX
    void (*count) (void *context, char *text);

    //  Called when a signal ends the loop; then at each tick: is all done?
    void (*stop) (void *context);
    bool (*is_over) (void *context);
    void *context;  //  Of all these

    poller_t *poller;
    watcher_t signals;
    bool stopped;
    int64_t said_ms;                  //  When counts were logged
    char said [DIARY_LINE_SIZE_MAX];  //
} stage_t;

//  Make the poller.  Returns false, errno set, if there is no descriptor.
bool
stage_open (stage_t *self);

//  Run.
void
stage_run (stage_t *self);

//  Free what there is.
void
stage_close (stage_t *self);

#endif
