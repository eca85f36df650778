/*  =========================================================================
    service - answers Nearby Search requests out of a gazetteer
    =========================================================================
*/

#include "places/service.h"
#include "places/decimal.h"
#include "places/page.h"

#include <czmq.h>

#define RADIUS_PLACES 3
#define RADIUS_MAX_MM (SERVICE_RADIUS_MAX * INT64_C (1000))


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


//  Of the list a|b|c only the first type counts, and a list a,b,c is ignored.
//  Returns a fresh string, or NULL.

static char *
s_read_type (const char *text)
{
    if (!text || strchr (text, ','))
        return NULL;
    return strndup (text, strcspn (text, "|"));
}


//  Return what is wrong with the request's ranking and radius, or NULL

static const char *
s_read_ranking (struct MHD_Connection *request, gazetteer_query_t *query)
{
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


static char *
s_answer (
    const gazetteer_t *gazetteer, struct MHD_Connection *request, size_t *size)
{
    char *type = s_read_type (s_argument (request, "type"));
    gazetteer_query_t query = {
        .type = type,
        .keyword = s_argument (request, "keyword"),
        .name = s_argument (request, "name"),
    };
    const char *wrong = s_read_ranking (request, &query);
    if (!s_read_location (s_argument (request, "location"), &query.at))
        wrong = "location must be latitude,longitude in degrees";
    gazetteer_place_t places [SERVICE_PLACES_MAX];
    size_t count = 0;
    if (!wrong)
        count = gazetteer_find (gazetteer, &query, places, SERVICE_PLACES_MAX);
    free (type);
    return wrong ? page_error ("INVALID_REQUEST", wrong, size)
                 : page_places (places, count, size);
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
