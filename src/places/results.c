/*  =========================================================================
    results - a Nearby Search answer
    =========================================================================
*/

#include "places/results.h"
#include "base/decimal.h"

//  Half the side of a point's viewport: 0.00134898 degree, as Google has it
#define VIEWPORT_PLACES 8
#define VIEWPORT_HALF 134898

//  A plus code with its NUL
#define CODE_SIZE 12

//  No place has more types, no page places of more sources; what is beyond
//  is left out
#define TYPES_MAX 16
#define CREDITS_MAX 16


static void
s_point (
    layout_t *out, const char *key, int64_t lat, int64_t lng, unsigned places)
{
    char text [DECIMAL_SIZE];
    layout_open (out, key, '{');
    layout_literal (out, "lat", decimal_write (text, lat, places));
    layout_literal (out, "lng", decimal_write (text, lng, places));
    layout_close (out, '}');
}


//  A corner of the viewport: it stops at a pole and goes on behind the date
//  line

static void
s_corner (layout_t *out, const char *key, globe_point_t at, int64_t away)
{
    const int64_t degree = 10LL * DEGREE;
    int64_t lat = at.lat * 10LL + away;
    int64_t lng = at.lng * 10LL + away;
    if (lat > 90 * degree)
        lat = 90 * degree;
    if (lat < -90 * degree)
        lat = -90 * degree;
    if (lng > 180 * degree)
        lng -= 360 * degree;
    if (lng < -180 * degree)
        lng += 360 * degree;
    s_point (out, key, lat, lng, VIEWPORT_PLACES);
}


//  The Open Location Code of ten digits: five of latitude and five of
//  longitude by turns, to base 20, in eight thousandths of a degree

static void
s_plus_code (char code [CODE_SIZE], globe_point_t at)
{
    static const char digits [] = "23456789CFGHJMPQRVWX";
    int64_t unit = DEGREE / 8000;
    int64_t lat = (at.lat + 90LL * DEGREE) / unit;
    int64_t lng = (at.lng + 180LL * DEGREE) / unit % (360LL * 8000);
    if (lat == 180LL * 8000)
        lat--;
    code [8] = '+';
    code [11] = '\0';
    for (size_t index = 10; index; index -= 2) {
        //  The last two stand behind the plus
        char *pair = code + index - (index == 10 ? 1 : 2);
        pair [1] = digits [lng % 20];
        pair [0] = digits [lat % 20];
        lng /= 20;
        lat /= 20;
    }
}


static void
s_types (layout_t *out, span_t rest)
{
    span_t types [TYPES_MAX];
    size_t count = 0;
    while (rest.size && count < TYPES_MAX)
        types [count++] = span_until (&rest, ',');
    layout_texts (out, "types", types, count);
}


static void
s_place (layout_t *out, const place_t *place)
{
    char code [CODE_SIZE];
    s_plus_code (code, place->at);

    layout_open (out, NULL, '{');
    layout_open (out, "geometry", '{');
    s_point (out, "location", place->at.lat, place->at.lng, DEGREE_PLACES);
    layout_open (out, "viewport", '{');
    s_corner (out, "northeast", place->at, VIEWPORT_HALF);
    s_corner (out, "southwest", place->at, -VIEWPORT_HALF);
    layout_close (out, '}');
    layout_close (out, '}');
    layout_text (out, "name", place->name);
    layout_text (out, "place_id", place->id);
    layout_open (out, "plus_code", '{');
    layout_text (out, "global_code", span_of (code));
    layout_close (out, '}');
    layout_text (out, "reference", place->id);
    s_types (out, place->types);
    if (place->vicinity.size)
        layout_text (out, "vicinity", place->vicinity);
    layout_close (out, '}');
}


//  Credit each source once, in the order of its first place

static void
s_credits (layout_t *out, const results_t *page)
{
    span_t credits [CREDITS_MAX];
    size_t count = 0;
    for (size_t index = 0; index < page->count; index++) {
        span_t credit = page->places [index].credit;
        size_t seen = 0;
        while (seen < count && !span_equal (credits [seen], credit))
            seen++;
        if (credit.size && seen == count && count < CREDITS_MAX)
            credits [count++] = credit;
    }
    layout_texts (out, "html_attributions", credits, count);
}


char *
results_write (const results_t *page, layout_style_t style, size_t *size)
{
    layout_t out = {.style = style};
    layout_begin (&out);
    if (page->message)
        layout_text (&out, "error_message", span_of (page->message));
    s_credits (&out, page);
    if (page->info) {
        span_t info = span_of (page->info);
        layout_texts (&out, "info_messages", &info, 1);
    }
    if (page->token)
        layout_text (&out, "next_page_token", span_of (page->token));
    if (page->count) {
        layout_open (&out, "results", '[');
        for (size_t index = 0; index < page->count; index++)
            s_place (&out, &page->places [index]);
        layout_close (&out, ']');
    }
    else
        layout_texts (&out, "results", NULL, 0);
    layout_text (&out, "status", span_of (google_status_word (page->status)));
    layout_end (&out);
    *size = out.size;
    return out.text;
}
