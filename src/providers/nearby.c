/*  =========================================================================
    nearby - the api of Google's legacy Nearby Search

    https://developers.google.com/maps/documentation/places/web-service/legacy/
    search-nearby: GET with location=LATITUDE,LONGITUDE in decimal degrees,
    radius in metres, key.  zherd-places and many proxies speak it too.
    =========================================================================
*/

#include "providers/api.h"

#include <assert.h>
#include <sodium/utils.h>


static void
s_ask (const api_access_t *access, const api_question_t *question,
    transport_request_t *request)
{
    const char *const parts [] = {access->url, "?location=", question->latitude,
        ",", question->longitude, "&radius=", question->radius};
    char *key = access->key ? curl_easy_escape (NULL, access->key, 0) : NULL;
    assert (key || !access->key);
    size_t room = sizeof ("&key=") + (key ? strlen (key) : 0);
    for (size_t part = 0; part < sizeof (parts) / sizeof (*parts); part++)
        room += strlen (parts [part]);
    request->url = malloc (room);
    assert (request->url);
    char *to = request->url;
    for (size_t part = 0; part < sizeof (parts) / sizeof (*parts); part++)
        to = stpcpy (to, parts [part]);
    if (key) {
        stpcpy (stpcpy (to, "&key="), key);
        sodium_memzero (key, strlen (key));
        curl_free (key);
    }
}


const api_t api_nearby = {.name = "nearby-legacy", .ask = s_ask};
