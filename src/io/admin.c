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
    admin_options_t options;
};


static void
s_show (http_page_t *page, json_t *json)
{
    page->content_type = "application/json";
    page->body = json_dumps (json, JSON_INDENT (2));
    json_decref (json);
}


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
    else if (streq (path, "/readyz")) {
        json_t *ready = self->options.tell (self->options.context, true);
        page->status = json_is_true (json_object_get (ready, "ready"))
                           ? MHD_HTTP_OK
                           : MHD_HTTP_SERVICE_UNAVAILABLE;
        s_show (page, ready);
    }
    else if (streq (path, "/status")) {
        page->status = MHD_HTTP_OK;
        s_show (page, self->options.tell (self->options.context, false));
    }
    else
        return;
    assert (page->body);
    page->body_size = strlen (page->body);
}


admin_t *
admin_new (watch_t *watch, const admin_options_t *options)
{
    admin_t *self = zmalloc (sizeof (admin_t));
    self->options = *options;
    self->http = http_new (watch,
        &(http_options_t){.address = options->address,
            .port = options->port,
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
