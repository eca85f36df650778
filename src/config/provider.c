/*  =========================================================================
    provider - whom we ask for places, and by which key
    =========================================================================
*/

#include "config/provider.h"
#include "providers/api.h"
#include "config/zpl.h"

#include <curl/curl.h>

#include <arpa/inet.h>

#define KEY_SIZE_MAX 256  //  Google's have 39


//  Take over the text as the key, less the line end that files have.

static bool
s_take_key (
    config_places_t *self, const char *file, const char *source, char *text)
{
    assert (text);
    self->key = text;
    size_t size = strcspn (text, "\n");
    if (text [size] == '\n' && text [size + 1] == 0)
        text [size] = 0;

    const char *byte = text;
    while (*byte > ' ' && *byte <= '~')
        byte++;
    if (*byte || byte == text || byte - text > KEY_SIZE_MAX)
        return zpl_wrong (file, source,
            "the key is not 1 to %d printable ASCII characters without blanks",
            KEY_SIZE_MAX);
    return true;
}


//  The key of the environment, or else of a file

static bool
s_read_key (
    config_places_t *self, const char *file, zconfig_t *root, const char *given)
{
    if (given && *given)
        return s_take_key (self, file, "PLACES_API_KEY", strdup (given));
    const char *path = zconfig_get (root, "places/key_file", NULL);
    if (!path)
        return true;
    const char *reason = "is not an absolute path";
    char *text = NULL;
    if (*path == '/')
        text = zpl_slurp (path, KEY_SIZE_MAX + 1, ZPL_CLOSED, &reason);
    if (!text)
        return zpl_wrong (file, "places/key_file", "%s", reason);
    return s_take_key (self, file, "places/key_file", text);
}


static bool
s_has (CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get (url, part, &text, 0) == CURLUE_OK;
    curl_free (text);
    return has;
}


//  Return true if the host, as curl will understand it, is this machine.

static bool
s_is_loopback (CURLU *url)
{
    char *host = NULL;
    struct in_addr address;
    bool loopback = false;
    if (curl_url_get (url, CURLUPART_HOST, &host, 0) == CURLUE_OK)
        loopback = streq (host, "localhost") || streq (host, "[::1]") ||
                   (inet_pton (AF_INET, host, &address) == 1 &&
                       ntohl (address.s_addr) >> 24 == 127);
    curl_free (host);
    return loopback;
}


//  Return what is wrong with the URL, or NULL.  It is curl's parser that
//  judges, because it is curl that will use it.  The URL itself stays out of
//  the message: who writes a key into it by mistake finds it in no log.

static const char *
s_judge (const char *text, bool allow_http)
{
    const char *reason = NULL;
    CURLU *url = curl_url ();
    assert (url);
    bool secure = strncmp (text, "https://", 8) == 0;
    if (!secure && strncmp (text, "http://", 7) != 0)
        reason = "must begin with http:// or https://";
    else if (curl_url_set (url, CURLUPART_URL, text, 0) != CURLUE_OK)
        reason = "is no URL";
    else if (s_has (url, CURLUPART_USER) || s_has (url, CURLUPART_QUERY) ||
             s_has (url, CURLUPART_FRAGMENT))
        reason = "must have no user, query or fragment";
    else if (!secure && !allow_http && !s_is_loopback (url))
        reason = "sends locations unencrypted: use https, or say allow_http = "
                 "yes";
    curl_url_cleanup (url);
    return reason;
}


//  Which provider it is, and how much of Google's fields is wanted

static bool
s_read_dialect (config_places_t *self, const char *file, zconfig_t *root)
{
    const char *name = zconfig_get (root, "places/provider", "nearby-legacy");
    const char *fields = zconfig_get (root, "places/google_fields", "pro");
    if (!api_find (name))
        return zpl_wrong (file, "places/provider",
            "must be nearby-legacy, google-new or overpass");
    self->full = streq (fields, "full");
    if (!self->full && !streq (fields, "pro"))
        return zpl_wrong (file, "places/google_fields", "must be pro or full");
    self->provider = strdup (name);
    assert (self->provider);
    return true;
}


//  Google Maps Platform terms, 3.2.3(b): its answers may not be kept

static bool
s_may_keep (const config_places_t *self)
{
    return self->cache_seconds == 0 ||
           !(streq (self->provider, "google-new") ||
               strcasestr (self->url, "googleapis.com"));
}


static bool
s_read_provider (config_places_t *self, const char *file, zconfig_t *root)
{
    const char *allow = zconfig_get (root, "places/allow_http", "no");
    if (!streq (allow, "yes") && !streq (allow, "no"))
        return zpl_wrong (file, "places/allow_http", "must be yes or no");

    const char *url = zconfig_get (root, "places/url", NULL);
    if (!url)
        return zpl_wrong (file, "places/url", "is missing");
    if (!s_read_dialect (self, file, root))
        return false;
    const char *reason = s_judge (url, streq (allow, "yes"));
    if (reason)
        return zpl_wrong (file, "places/url", "%s", reason);
    self->url = strdup (url);
    assert (self->url);
    if (!s_may_keep (self))
        return zpl_wrong (file, "places/cache_seconds",
            "must be 0: Google's terms do not allow keeping its answers");
    return true;
}


bool
provider_read (
    config_places_t *self, const char *file, zconfig_t *root, const char *given)
{
    return !zconfig_locate (root, "places") ||
           (s_read_provider (self, file, root) &&
               s_read_key (self, file, root, given));
}
