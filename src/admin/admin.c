/*  =========================================================================
    admin - the admin port
    =========================================================================
*/

#include "admin/admin.h"

#include "admin/http.h"

#define REQUEST_SECONDS 10

struct admin_t {
    http_t *http;
    admin_options_t options;
};


#define JSON_TYPE "application/json"
#define TEXT_TYPE "text/plain"
#define HTML_TYPE "text/html; charset=utf-8"
#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"


static void
s_page (void *context, struct MHD_Connection *request, const char *path,
    http_page_t *page)
{
    static const struct {
        const char *path;
        const char *type;
        admin_page_t page;
    } pages [] = {{"/", HTML_TYPE, ADMIN_ROOT},
        {"/readyz", JSON_TYPE, ADMIN_READYZ},
        {"/status", JSON_TYPE, ADMIN_STATUS},
        {"/metrics", METRICS_TYPE, ADMIN_METRICS}};
    const admin_t *self = context;
    (void) request;
    if (streq (path, "/healthz")) {
        page->status = MHD_HTTP_OK;
        page->content_type = TEXT_TYPE;
        page->body = strdup ("ok\n");
    }
    for (size_t index = 0; index < sizeof pages / sizeof *pages; index++) {
        bool ready = false;
        if (!streq (path, pages [index].path))
            continue;
        page->content_type = pages [index].type;
        page->body = self->options.tell (
            self->options.context, pages [index].page, &ready);
        page->status = ready || pages [index].page != ADMIN_READYZ
                           ? MHD_HTTP_OK
                           : MHD_HTTP_SERVICE_UNAVAILABLE;
    }
    if (page->body)
        page->body_size = strlen (page->body);
}


admin_t *
admin_new (poller_t *poller, const admin_options_t *options)
{
    admin_t *self = zmalloc (sizeof (admin_t));
    self->options = *options;
    self->http = http_new (poller,
        &(http_options_t){.address = options->address,
            .port = options->port,
            .connection_max = ADMIN_CONNECTION_MAX,
            .request_seconds = REQUEST_SECONDS,
            .host = options->server,
            .alias = options->host},
        s_page, self);
    if (!self->http)
        admin_destroy (&self);
    return self;
}


void
admin_destroy (admin_t **self_p)
{
    admin_t *self = *self_p;
    if (self) {
        http_destroy (&self->http);
        free (self);
        *self_p = NULL;
    }
}


void
admin_tick (admin_t *self)
{
    http_tick (self->http);
}
