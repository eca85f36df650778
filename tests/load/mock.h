/*  =========================================================================
    mock - a server that answers as the test wants it to, in a thread
    =========================================================================
*/

#ifndef TESTS_LOAD_MOCK_H
#define TESTS_LOAD_MOCK_H

#include <pthread.h>
#include <stdint.h>

#define MOCK_CONNECTIONS 64
#define MOCK_IDS 2000

//  How it is wrong; 0 is not at all
typedef struct {
    unsigned bad_each;    //  Every so many lines are answered by "? "
    unsigned more_each;   //  Or twice
    unsigned closes_at;   //  Such a line of a connection is its last one
    unsigned reset_each;  //  Every so many lines reset the connection
    unsigned farewell;    //  Lines that are sent when a client has nothing more
    int64_t slow_ns;      //  A location is known so long after its stamp
    unsigned five_each;   //  Or, every so many times, five times as late
} mock_faults_t;

typedef struct {
    mock_faults_t faults;
    uint16_t port;
    int fd;        //  Where it listens
    int stop [2];  //  A pipe
    pthread_t thread;

    //  To be looked at after mock_stop
    unsigned connections;
    unsigned lines;
    unsigned told [MOCK_IDS];  //  Lines with "IAMAT c<id>."
    unsigned iamats;
    int64_t known_ns;  //  When the newest location is known
} mock_t;

//  Listen at a port of its own choice.
void
mock_start (mock_t *self, mock_faults_t faults);

//  Close all connections and wait for the thread's end.
void
mock_stop (mock_t *self);

#endif
