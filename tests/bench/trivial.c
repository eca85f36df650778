/*  =========================================================================
    trivial - the least an HTTP server on libmicrohttpd can do

    Answers every request with one page, read from a file at the start: the
    floor under what zherd-places takes for a request.
    =========================================================================
*/

#include <microhttpd.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PAGE_SIZE_MAX 1048576


//  Called once when the headers are in, and once when the request is complete

static enum MHD_Result
//  NOLINTNEXTLINE(readability-function-size): libmicrohttpd wants it so
s_answer (void *context, struct MHD_Connection *request, const char *path,
    const char *method, const char *version, const char *body,
    size_t *body_size, void **request_context)
{
    struct MHD_Response *page = context;
    (void) path;
    (void) method;
    (void) version;
    (void) body;
    (void) body_size;
    if (*request_context)
        return MHD_queue_response (request, MHD_HTTP_OK, page);
    *request_context = page;
    return MHD_YES;
}


int
main (int argc, char *argv [])
{
    static char text [PAGE_SIZE_MAX];
    FILE *file = argc == 3 ? fopen (argv [2], "r") : NULL;
    if (!file) {
        fputs ("usage: trivial PORT FILE\n", stderr);
        return 2;
    }
    size_t size = fread (text, 1, sizeof (text), file);
    fclose (file);
    struct MHD_Response *page =
        MHD_create_response_from_buffer (size, text, MHD_RESPMEM_PERSISTENT);
    struct sockaddr_in address = {.sin_family = AF_INET,
        .sin_port = htons ((uint16_t) strtoul (argv [1], NULL, 10)),
        .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon =
        MHD_start_daemon (MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL,
            s_answer, page, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_END);
    if (!daemon) {
        perror ("trivial");
        return 1;
    }
    return pause ();
}
