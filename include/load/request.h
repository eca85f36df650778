/*  =========================================================================
    request - what the load generator says

    A client's line, or what other doors and servers take for one, straight into
    the buffer that is sent.  Every IAMAT is news: its stamp is the time, and at
    least a nanosecond later than the stamp before, whoever's that was.
    =========================================================================
*/

#ifndef LOAD_REQUEST_H
#define LOAD_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

//  Client ids, c0000000.cs.ucla.edu to c9999999.cs.ucla.edu
#define REQUEST_IDS_MAX 10000000

//  The most that request_print writes.
#define REQUEST_SIZE_MAX 384

//  Bytes of a server's name, at most.
#define REQUEST_HOST_SIZE_MAX 127

typedef enum {
    SPEECH_ZHERD,          //  IAMAT and WHATSAT
    SPEECH_ECHO,           //  The same, to a server that sends lines back
    SPEECH_REDIS,          //  GEOADD, in RESP
    SPEECH_REDIS_PUBLISH,  //  GEOADD, and PUBLISH of the IAMAT line
    SPEECH_PUT,    //  PUT over HTTP, as applications do, and who is near
    SPEECH_OSMAND  //  GET over HTTP, as OsmAnd does
} speech_t;

//  A location, or a question: of zherd a WHATSAT, over HTTP who is near.
typedef enum { REQUEST_IAMAT, REQUEST_WHATSAT } request_kind_t;

//  Part of the owner's structure.
typedef struct {
    speech_t speech;
    int64_t stamp_ns;   //  The latest
    char stamp [21];    //  The same, 10 digits and 9 decimals
    char asked [64];    //  Radius and bound of a question
    unsigned whatsats;  //  In a hundred
    uint64_t chance;    //  The latest number drawn
    bool walks;         //  Each client stays where its id is
} request_t;

//  Begin to speak at the POSIX time.  Borrows the radius, as it shall be sent,
//  for the call.
void
request_init (request_t *self, speech_t speech, int64_t now_ns);

//  It is so late now, POSIX time; a time before the latest stamp is ignored.
void
request_clock (request_t *self, int64_t now_ns);

//  Set what a question asks for: km, as text of at most 32 bytes, and results.
void
request_ask (request_t *self, const char *radius, unsigned bound);

//  From now on clients walk, 100 m from one report to the next at most, and do
//  not jump all over their city.
void
request_walk (request_t *self);

//  From now on so many of a hundred requests are WHATSATs.
void
request_mix (request_t *self, unsigned whatsats);

//  Return what to say next.
request_kind_t
request_choose (request_t *self);

//  Write the client's next request to the buffer, which has REQUEST_SIZE_MAX
//  bytes.  The id is below REQUEST_IDS_MAX; host is the server's name as HTTP
//  tells it.  Returns its size.
size_t
request_print (request_t *self, request_kind_t kind, uint32_t id,
    const char *host, char *buffer);

#endif
