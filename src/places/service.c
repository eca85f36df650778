/*  =========================================================================
    service - answers Nearby Search requests out of a gazetteer
    =========================================================================
*/

#include "places/service.h"
#include "base/decimal.h"
#include "places/results.h"
#include "places/token.h"

#include <czmq.h>

#define RADIUS_PLACES 3
#define RADIUS_MAX_MM (SERVICE_RADIUS_MAX * INT64_C (1000))
#define PRICE_MAX 4

//  All that the last page needs, and one to know that there is no more
#define FOUND_MAX (SERVICE_PLACES_MAX * SERVICE_PAGES_MAX + 1)

struct service_t {
    const gazetteer_t *gazetteer;
    layout_style_t style;
    token_t *token;
};

//  A request being read
typedef struct {
    token_ask_t ask;
    char type [TOKEN_TEXT_MAX + 1];
    const char *info;  //  What the asker should know, or NULL
    bool is_none;      //  Nothing can be found, and that is right
} ask_t;


service_t *
service_new (const gazetteer_t *gazetteer, layout_style_t style)
{
    service_t *self = zmalloc (sizeof (service_t));
    self->gazetteer = gazetteer;
    self->style = style;
    self->token = token_new ();
    return self;
}


void
service_destroy (service_t **self_p)
{
    service_t *self = *self_p;
    if (self) {
        token_destroy (&self->token);
        free (self);
        *self_p = NULL;
    }
}


//  An empty argument is as good as none

static const char *
s_argument (struct MHD_Connection *request, const char *name)
{
    const char *value = http_argument (request, name);
    return value && *value ? value : NULL;
}


static bool
s_read_location (const char *text, globe_point_t *at)
{
    int64_t lat, lng;
    span_t rest = span_of (text ? text : "");
    span_t first = span_until (&rest, ',');
    if (!decimal_read (first, DEGREE_PLACES, 90LL * DEGREE, &lat) ||
        !decimal_read (rest, DEGREE_PLACES, 180LL * DEGREE, &lng))
        return false;
    *at = (globe_point_t){(int32_t) lat, (int32_t) lng};
    return true;
}


static bool
s_read_radius (const char *text, uint32_t *radius_mm)
{
    int64_t radius;
    span_t span = span_of (text ? text : "");
    if (!decimal_read (span, RADIUS_PLACES, INT64_MAX, &radius) || radius < 0)
        return false;
    *radius_mm = (uint32_t) MIN (radius, RADIUS_MAX_MM);
    return true;
}


//  Of the list a|b|c only the first type counts, and a list a,b,c is ignored

static const char *
s_read_type (ask_t *self, const char *text)
{
    if (!text || strchr (text, ','))
        return NULL;
    snprintf (self->type, sizeof (self->type), "%.*s",
        (int) strcspn (text, "|"), text);
    return *self->type ? self->type : NULL;
}


//  Return what is wrong with the request's texts, or NULL

static const char *
s_read_texts (ask_t *self, struct MHD_Connection *request)
{
    gazetteer_query_t *query = &self->ask.query;
    const char *type = s_argument (request, "type");
    query->keyword = s_argument (request, "keyword");
    query->name = s_argument (request, "name");
    if ((type && strcspn (type, "|") > TOKEN_TEXT_MAX) ||
        (query->keyword && strlen (query->keyword) > TOKEN_TEXT_MAX) ||
        (query->name && strlen (query->name) > TOKEN_TEXT_MAX))
        return "type, keyword and name have at most 255 bytes";
    query->type = s_read_type (self, type);
    return NULL;
}


//  Return what is wrong with the request's ranking and radius, or NULL

static const char *
s_read_ranking (ask_t *self, struct MHD_Connection *request)
{
    gazetteer_query_t *query = &self->ask.query;
    const char *rankby = s_argument (request, "rankby");
    const char *radius = s_argument (request, "radius");
    query->by_distance = rankby && streq (rankby, "distance");
    if (!query->by_distance) {
        if (rankby && !streq (rankby, "prominence"))
            return "rankby must be prominence or distance";
        return s_read_radius (radius, &query->radius_mm)
                   ? NULL
                   : "radius must be metres, 0 to 50000";
    }
    query->radius_mm = (uint32_t) RADIUS_MAX_MM;
    if (radius)
        return "radius must be left out with rankby=distance";
    if (!query->keyword && !query->name && !query->type)
        return "rankby=distance needs keyword, name or type";
    return NULL;
}


//  Return what is wrong with the request's filters, or NULL.  We have nothing
//  to filter by, but know a bad one.

static const char *
s_read_filters (ask_t *self, struct MHD_Connection *request)
{
    static const char *const names [] = {"minprice", "maxprice"};
    uint64_t price;
    for (size_t index = 0; index < 2; index++) {
        const char *text = s_argument (request, names [index]);
        if (text && !span_number (span_of (text), PRICE_MAX, &price))
            return "minprice and maxprice must be 0 to 4";
        if (text)
            self->info = "Prices are not known: minprice and maxprice were "
                         "ignored.";
    }
    //  It has no value
    self->is_none =
        MHD_lookup_connection_value_n (request, MHD_GET_ARGUMENT_KIND,
            "opennow", strlen ("opennow"), NULL, NULL) == MHD_YES;
    if (self->is_none)
        self->info = "Opening hours are not known: opennow finds nothing.";
    return NULL;
}


//  Return what is wrong with the request, or NULL

static const char *
s_read_request (
    const service_t *self, struct MHD_Connection *request, ask_t *ask)
{
    const char *token = s_argument (request, "pagetoken");
    if (token)
        return token_read (self->token, token, &ask->ask)
                   ? NULL
                   : "pagetoken is not one of this service";
    const char *wrong = s_read_texts (ask, request);
    if (!s_read_location (s_argument (request, "location"), &ask->ask.query.at))
        wrong = "location must be latitude,longitude in degrees";
    if (!wrong)
        wrong = s_read_ranking (ask, request);
    return wrong ? wrong : s_read_filters (ask, request);
}


static void
s_find_places (service_t *self, ask_t *ask, results_t *page, place_t *places)
{
    size_t before = (size_t) ask->ask.page * SERVICE_PLACES_MAX;
    size_t found = 0;
    if (!ask->is_none)
        found = gazetteer_find (self->gazetteer, &ask->ask.query, places,
            before + SERVICE_PLACES_MAX + 1);
    if (found > before) {
        page->places = places + before;
        page->count = MIN (found - before, SERVICE_PLACES_MAX);
    }
    if (found > before + SERVICE_PLACES_MAX &&
        ask->ask.page + 1 < SERVICE_PAGES_MAX) {
        ask->ask.page++;
        page->token = token_write (self->token, &ask->ask);
    }
    page->status = page->count ? GOOGLE_OK : GOOGLE_ZERO_RESULTS;
    page->info = ask->info;
}


static char *
s_answer (service_t *self, struct MHD_Connection *request, size_t *size)
{
    place_t places [FOUND_MAX];
    ask_t ask = {0};
    results_t page = {.message = s_read_request (self, request, &ask)};
    if (page.message)
        page.status = GOOGLE_INVALID_REQUEST;
    else
        s_find_places (self, &ask, &page, places);
    return results_write (&page, self->style, size);
}


void
service_answer (void *context, struct MHD_Connection *request, const char *path,
    http_page_t *page)
{
    if (streq (path, SERVICE_PATH)) {
        page->status = MHD_HTTP_OK;
        page->content_type = "application/json; charset=UTF-8";
        page->body = s_answer (context, request, &page->body_size);
    }
}
