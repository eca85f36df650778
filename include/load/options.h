/*  =========================================================================
    options - what the load generator was told to do
    =========================================================================
*/

#ifndef LOAD_OPTIONS_H
#define LOAD_OPTIONS_H

#include "io/program.h"
#include "load/request.h"
#include "load/target.h"

#include <sys/types.h>

//  Servers that are loaded or asked, and processes that are measured
#define OPTIONS_TARGETS_MAX 64
#define OPTIONS_PIDS_MAX 64

typedef enum {
    WORKLOAD_IAMAT,
    WORKLOAD_WHATSAT,
    WORKLOAD_MIXED,   //  One WHATSAT to nine IAMATs
    WORKLOAD_HTTP,    //  PUTs over HTTP
    WORKLOAD_NEAR,    //  Who is near, over HTTP
    WORKLOAD_CHURN,   //  A connection for each IAMAT
    WORKLOAD_PHONES,  //  A connection for each report of a phone over HTTP
    WORKLOAD_IDLE     //  Connections that say nothing
} workload_t;

typedef struct {
    target_t list [OPTIONS_TARGETS_MAX];
    unsigned count;
} targets_t;

typedef struct {
    bool propagate;        //  The second form of the command line
    bool listen;           //  The third
    targets_t targets;     //  Whom to load; or from whom, to whom
    uint32_t connections;  //  Of all targets together, at least 1
    uint32_t depth;        //  Requests outstanding on each, at least 1
    uint32_t ids;          //  Clients, at least 1
    workload_t workload;
    speech_t speech;
    double rate;         //  Requests a second; 0 = as replies come
    double seconds;      //  0 = until all requests are made
    uint64_t requests;   //  0 = until the time is over
    double progress;     //  Seconds between two progress lines; 0 = none
    const char *radius;  //  Of a question or a circle, as it shall be sent
    unsigned bound;      //  And its bound
    bool walk;           //  Clients walk, and do not jump
    bool load_ids;       //  First tell every id once
    bool feed;           //  Listeners want all, and no circle
    uint32_t deaf;       //  So many of them do not read
    targets_t settle;    //  Who must know all before it is over
    pid_t pids [OPTIONS_PIDS_MAX];  //  Whose CPU time and memory to tell
    unsigned pid_count;
    bool json;
} options_t;

//  What the load generator is called, and can do
extern const program_t options_program;

//  Return the name of a workload or speech, as on the command line.
const char *
options_workload (workload_t workload);

const char *
options_speech (speech_t speech);

//  Return true if each of its requests has a connection of its own.
bool
options_is_brief (workload_t workload);

//  Read the command line into *self.  Borrows the arguments.  Returns -1 to
//  go on, else what to exit with, all being said: 0 or 2.
int
options_read (options_t *self, int argc, char **argv);

#endif
