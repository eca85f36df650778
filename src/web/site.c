/*  =========================================================================
    site - the live page, which is part of the program
    =========================================================================
*/

#include "web/site.h"

#include <string.h>
#include <strings.h>

#define FOLDER "/site/"
#define SCRIPT "text/javascript; charset=utf-8"
#define JSON "application/json"

//  Their order is that of site_files.S
#define SITE_FILES(X)                                                          \
    X (page_html, "", "text/html; charset=utf-8")                              \
    X (page_css, "page.css", "text/css; charset=utf-8")                        \
    X (page_js, "page.js", SCRIPT)                                             \
    X (feed_js, "feed.js", SCRIPT)                                             \
    X (map_js, "map.js", SCRIPT)                                               \
    X (dots_js, "dots.js", SCRIPT)                                             \
    X (glide_js, "glide.js", SCRIPT)                                           \
    X (ground_js, "ground.js", SCRIPT)                                         \
    X (herd_js, "herd.js", SCRIPT)                                             \
    X (land_json, "land.json", JSON)                                           \
    X (cities_json, "cities.json", JSON)                                       \
    X (icon_svg, "icon.svg", "image/svg+xml")                                  \
    X (leaflet_js, "leaflet.js", SCRIPT)                                       \
    X (leaflet_css, "leaflet.css", "text/css; charset=utf-8")

//  libmicrohttpd takes what it does not change as if it did
#define DECLARE(name, path, type)                                              \
    extern char site_##name [], site_##name##_end [];                          \
    extern char site_##name##_gz [], site_##name##_gz_end [];
SITE_FILES (DECLARE)

#define ROW(name, path, type)                                                  \
    {path, type, site_##name, site_##name##_end, site_##name##_gz,             \
        site_##name##_gz_end},

typedef struct {
    const char *path;
    const char *type;
    char *text;
    const char *text_end;
    char *packed;
    const char *packed_end;
} site_file_t;

static const site_file_t s_files [] = {SITE_FILES (ROW)};


static bool
s_is_root (span_t path)
{
    return span_equal (path, span_of ("/"));
}


bool
site_is_asked (const exchange_request_t *request)
{
    size_t size = strlen (FOLDER);
    if (s_is_root (request->path))
        return request->query.size == 0 &&
               (strcmp (request->method, "GET") == 0 ||
                   strcmp (request->method, "HEAD") == 0);
    return request->path.size > size &&
           memcmp (request->path.data, FOLDER, size) == 0;
}


static const site_file_t *
s_find (span_t path)
{
    size_t skipped = s_is_root (path) ? path.size : strlen (FOLDER);
    span_t name = {path.data + skipped, path.size - skipped};
    for (size_t index = 0; index < sizeof s_files / sizeof *s_files; index++)
        if (span_equal (name, span_of (s_files [index].path)))
            return &s_files [index];
    return NULL;
}


//  Return true if the list of codings has gzip, and not with q=0: all say so in
//  lower case, and whoever does not gets the file as it is

static bool
s_takes_gzip (const char *codings)
{
    span_t rest = span_of (codings ? codings : "");
    while (rest.size) {
        span_t one = span_until (&rest, ',');
        span_t coding = span_until (&one, ';');
        if (span_equal (span_field (&coding), span_of ("gzip")))
            return one.size == 0 || span_equal (one, span_of ("q=1"));
    }
    return false;
}


//  Of the bytes that are sent.  They are hashed once

static void
s_set_etag (exchange_response_t *response, const site_file_t *file)
{
    static char etags [sizeof s_files / sizeof *s_files][2][EXCHANGE_ETAG_SIZE];
    char *etag = etags [file - s_files][response->packed];
    if (!*etag)
        exchange_print_etag (etag, response->file, response->file_size);
    memcpy (response->etag, etag, EXCHANGE_ETAG_SIZE);
}


void
site_show (const exchange_request_t *request, exchange_response_t *response)
{
    const site_file_t *file = s_find (request->path);
    if (!file) {
        exchange_refuse_api (response, 404, "there is no such path");
        return;
    }
    bool packed = s_takes_gzip (request->accept_encoding);
    char *text = packed ? file->packed : file->text;
    const char *end = packed ? file->packed_end : file->text_end;
    *response = (exchange_response_t){.status = 200,
        .type = file->type,
        .file = text,
        .file_size = (size_t) (end - text),
        .packed = packed};
    s_set_etag (response, file);
    if (exchange_is_known (request, response->etag)) {
        response->status = 304;
        response->file_size = 0;
    }
}
