/*  =========================================================================
    admin - the admin port
    =========================================================================
*/

#include "io/admin.h"

#include "io/http.h"

#include <assert.h>

#define IDLE_SECONDS 10

struct admin_t {
    http_t *http;
    admin_status_fn *status;
    void *context;
};


static void
s_page (void *context, struct MHD_Connection *request, const char *path,
    http_page_t *page)
{
    const admin_t *self = context;
    (void) request;
    if (streq (path, "/healthz")) {
        page->status = MHD_HTTP_OK;
        page->content_type = "text/plain";
        page->body = strdup ("ok\n");
    }
    else if (streq (path, "/status")) {
        json_t *status = self->status (self->context);
        page->status = MHD_HTTP_OK;
        page->content_type = "application/json";
        page->body = json_dumps (status, JSON_INDENT (2));
        json_decref (status);
    }
    else
        return;
    assert (page->body);
    page->body_size = strlen (page->body);
}


admin_t *
admin_new (watch_t *watch, const char *address, uint16_t port,
    admin_status_fn *status, void *context)
{
    admin_t *self = zmalloc (sizeof (admin_t));
    self->status = status;
    self->context = context;
    self->http = http_new (watch,
        &(http_options_t){.address = address,
            .port = port,
            .connection_max = ADMIN_CONNECTION_MAX,
            .idle_seconds = IDLE_SECONDS},
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
