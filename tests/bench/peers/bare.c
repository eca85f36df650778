/*  =========================================================================
    bare - the least an HTTP server on libmicrohttpd can do with a location

        bare --clients PORT ...

    Reads the JSON of a PUT, or the parameters of a GET, and says it again.  It
    stores nothing, checks nothing, logs nothing and tells no others; options
    that other servers have mean nothing here.
    =========================================================================
*/

#include <microhttpd.h>

#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BODY_SIZE_MAX 4096

//  A PUT whose body comes
typedef struct {
    size_t size;
    char body [BODY_SIZE_MAX];
} put_t;


static enum MHD_Result
s_say (struct MHD_Connection *connection, const char *type, char *text,
    size_t size)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer (size, text, MHD_RESPMEM_MUST_COPY);
    if (type)
        MHD_add_response_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    enum MHD_Result rc = MHD_queue_response (connection, MHD_HTTP_OK, response);
    MHD_destroy_response (response);
    return rc;
}


static double
s_number (const json_t *json, const char *key)
{
    return json_number_value (json_object_get (json, key));
}


//  As much as zherd says of a location

static enum MHD_Result
s_put (struct MHD_Connection *connection, const char *path, const put_t *put)
{
    char text [1024];
    json_t *json = json_loadb (put->body, put->size, 0, NULL);
    int size = snprintf (text, sizeof (text),
        "{\"type\":\"Feature\",\"id\":\"%s\",\"geometry\":{\"type\":\"Point\","
        "\"coordinates\":[%.6f,%.6f]},\"properties\":{\"server\":\"Bare\","
        "\"difference\":\"+0.000000000\",\"stamp\":\"%.9f\","
        "\"heard\":\"2016-11-17T20:18:04.655Z\",\"newest\":true}}\n",
        strrchr (path, '/') + 1, s_number (json, "longitude"),
        s_number (json, "latitude"), s_number (json, "stamp"));
    json_decref (json);
    return s_say (connection, "application/geo+json", text, (size_t) size);
}


static enum MHD_Result
s_get (struct MHD_Connection *connection)
{
    static const char *const keys [] = {"id", "timestamp", "lat", "lon"};
    char text [1] = "";
    for (size_t index = 0; index < 4; index++)
        if (!MHD_lookup_connection_value (
                connection, MHD_GET_ARGUMENT_KIND, keys [index]))
            return s_say (connection, NULL, text, 0);
    return s_say (connection, NULL, text, 0);
}


//  Called once when the headers are in, then for each piece of the body, and
//  once when the request is complete

static enum MHD_Result
//  NOLINTNEXTLINE(readability-function-size): libmicrohttpd wants it so
s_answer (void *context, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *body,
    size_t *body_size, void **request)
{
    put_t *put = *request;
    (void) context;
    (void) version;
    if (!put) {
        *request = put = malloc (sizeof (put_t));
        if (put)
            put->size = 0;
        return put ? MHD_YES : MHD_NO;
    }
    if (*body_size) {
        if (put->size + *body_size > BODY_SIZE_MAX)
            return MHD_NO;
        memcpy (put->body + put->size, body, *body_size);
        put->size += *body_size;
        *body_size = 0;
        return MHD_YES;
    }
    return strcmp (method, "PUT") == 0 ? s_put (connection, path, put)
                                       : s_get (connection);
}


static void
s_end (void *context, struct MHD_Connection *connection, void **request,
    enum MHD_RequestTerminationCode code)
{
    (void) context;
    (void) connection;
    (void) code;
    free (*request);
}


int
main (int argc, char *argv [])
{
    unsigned long port = 0;
    for (int at = 1; at + 1 < argc; at += 2)
        if (strcmp (argv [at], "--clients") == 0)
            port = strtoul (argv [at + 1], NULL, 10);
    struct sockaddr_in address = {.sin_family = AF_INET,
        .sin_port = htons ((uint16_t) port),
        .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon (MHD_USE_EPOLL_INTERNAL_THREAD,
        0, NULL, NULL, s_answer, NULL, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_NOTIFY_COMPLETED, s_end, NULL, MHD_OPTION_END);
    if (!port || !daemon) {
        fputs ("usage: bare --clients PORT\n", stderr);
        return 2;
    }
    return pause ();
}
