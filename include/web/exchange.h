/*  =========================================================================
    exchange - a request over HTTP, and its response
    =========================================================================
*/

#ifndef WEB_EXCHANGE_H
#define WEB_EXCHANGE_H

#include "base/span.h"

//  Room for an ETag, with its NUL.
#define EXCHANGE_ETAG_SIZE 40

//  What came.  Borrowed from who has it.
typedef struct {
    const char *method;
    span_t path;                  //  As it was sent, encoded
    span_t query;                 //  Behind its "?"; encoded
    const char *host;             //  Headers; NULL = it was not there
    const char *origin;           //
    const char *forwarded;        //  X-Forwarded-For
    const char *authorization;    //
    const char *content_type;     //
    const char *if_none_match;    //
    const char *last_event_id;    //
    const char *accept_encoding;  //
    const char *user;             //  X-Limit-U
    const char *device;           //  X-Limit-D
    span_t body;                  //
} exchange_request_t;

//  What is answered.
typedef struct {
    unsigned status;        //  HTTP status
    const char *type;       //  Of the text; a constant
    const char *allow;      //  Methods, in a 405; a constant
    const char *challenge;  //  How to say who it is, in a 401; a constant
    const char *reason;     //  Why not, in words, for the log; a constant
    unsigned wait;          //  Seconds after which to come again; 0 = not said
    char etag [EXCHANGE_ETAG_SIZE];  //  With its quotes; empty = none
    char *text;        //  From malloc, for whoever sends it; NULL = empty
    size_t size;       //  Bytes of text
    char *file;        //  Instead of text: a constant; NULL = none
    size_t file_size;  //  Bytes of file
    bool packed;       //  The file is, with gzip
} exchange_response_t;

//  Answer with this constant text.
void
exchange_say (exchange_response_t *self, unsigned status, const char *type,
    const char *text);

//  Answer that it is refused, and why: in plain text, for whoever looks.
void
exchange_refuse (
    exchange_response_t *self, unsigned status, const char *reason);

//  The same for applications, as RFC 9457 has it.
void
exchange_refuse_api (
    exchange_response_t *self, unsigned status, const char *reason);

//  Make the ETag of these bytes, a strong validator, in a buffer of
//  EXCHANGE_ETAG_SIZE.
void
exchange_print_etag (char *etag, const char *data, size_t size);

//  Return true if the sender has what has this ETag.
bool
exchange_is_known (const exchange_request_t *self, const char *etag);

//  Return true if the content type is this media type, whatever parameters it
//  has.
bool
exchange_is_type (const exchange_request_t *self, const char *type);

#endif
