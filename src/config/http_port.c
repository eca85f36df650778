/*  =========================================================================
    http_port - who may use the HTTP port, as the topology file has it
    =========================================================================
*/

#include "config/http_port.h"

#include "base/address.h"
#include "config/security.h"
#include "config/zpl.h"

#include <errno.h>
#include <unistd.h>

#define KEY_SIZE 256  //  Of a key in the file
#define TILES_SIZE_MAX 256


//  Return true if a host can have the name

static bool
s_is_host (span_t name)
{
    static const char letters [] = "abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    for (size_t at = 0; at < name.size; at++)
        if (!memchr (letters, name.data [at], sizeof (letters) - 1))
            return false;
    return name.size <= ENDPOINT_HOST_SIZE_MAX;
}


//  Return true if a browser can say that it is the origin of a page: a scheme
//  and a host, perhaps a port, and no path

static bool
s_is_origin (span_t text)
{
    static const char *const schemes [] = {"http://", "https://"};
    for (size_t index = 0; index < 2; index++) {
        size_t size = strlen (schemes [index]);
        if (text.size > size && memcmp (text.data, schemes [index], size) == 0)
            return !memchr (text.data + size, '/', text.size - size);
    }
    return false;
}


static bool
s_is_address (span_t text)
{
    address_t address;
    return address_read (&address, text);
}


//  Read a list of words that are good, or an asterisk for all if it may be one

static bool
s_read_list (const config_t *self, zconfig_t *root, const char *key,
    bool (*is_good) (span_t word), const char *rule, char **list)
{
    const char *text = zconfig_get (root, key, "");
    span_t rest = span_of (text);
    *list = strdup (text);
    assert (*list);
    if (is_good == s_is_origin && streq (text, "*"))
        return true;
    for (span_t word = span_field (&rest); word.size; word = span_field (&rest))
        if (!is_good (word))
            return zpl_wrong (
                self->file, key, "%.*s %s", (int) word.size, word.data, rule);
    return true;
}


static bool
s_read_lists (config_t *self, zconfig_t *root)
{
    config_http_t *http = &self->http;
    return s_read_list (self, root, "http/hosts", s_is_host,
               "is no name of a host: names have blanks between them, and no "
               "port",
               &http->hosts) &&
           s_read_list (self, root, "http/cors", s_is_origin,
               "is no origin: http://HOST or https://HOST, with a port or "
               "without, blanks between them, or * for all",
               &http->cors) &&
           s_read_list (self, root, "http/proxies", s_is_address,
               "is no address in numbers: addresses have blanks between them",
               &http->proxies);
}


static bool
s_is_permitted (const config_t *self, const config_server_t *server)
{
    char key [KEY_SIZE];
    if (self->http.open || self->http.tokens || !server->has_http ||
        security_is_loopback (&server->http))
        return true;
    snprintf (key, sizeof key, "servers/%s/http", server->name);
    return zpl_wrong (self->file, key,
        "%s is not loopback, and who reaches it can say where any client is: "
        "name a file as http/tokens and put tokens into it with \"zherd token "
        "add %s\", or say http/open = yes if all may",
        server->http.at.host, self->file);
}


//  Who is near is asked over HTTP

static bool
s_read_near (config_t *self, zconfig_t *root)
{
    bool good = true;
    for (size_t index = 0; good && index < self->server_count; index++) {
        config_server_t *server = &self->servers [index];
        server->near = server->has_http;
        good = zpl_choice (
            self->file, root, "table/near", zpl_yes_or_no, &server->near);
    }
    return good;
}


//  Return true if a browser can make the URL of a picture of it, and its origin
//  can stand in a header

static bool
s_is_tiles (span_t url)
{
    static const char letters [] = "abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                   "-._~:/?@&=+{}%";
    for (size_t at = 0; at < url.size; at++)
        if (!memchr (letters, url.data [at], sizeof letters - 1))
            return false;
    char *text = strndup (url.data, url.size);
    assert (text);
    const char *host = strstr (text, "://");
    host = host ? host + strlen ("://") : "";
    size_t size = strcspn (host, "/");
    bool good = (strncmp (text, "http://", 7) == 0 ||
                    strncmp (text, "https://", 8) == 0) &&
                url.size <= TILES_SIZE_MAX && size &&
                !memchr (host, '{', size) && strstr (text, "{z}") &&
                strstr (text, "{x}") && strstr (text, "{y}");
    free (text);
    return good;
}


static bool
s_read_tiles (config_t *self, zconfig_t *root)
{
    const char *tiles = zconfig_get (root, "http/tiles", NULL);
    if (!tiles)
        return true;
    span_t rest = span_of (tiles);
    if (!s_is_tiles (span_field (&rest)))
        return zpl_wrong (self->file, "http/tiles",
            "must begin with a URL of tiles: https://HOST/{z}/{x}/{y}.png, at "
            "most %d bytes",
            TILES_SIZE_MAX);
    self->http.tiles = strdup (tiles);
    assert (self->http.tiles);
    return true;
}


bool
http_port_read (config_t *self, zconfig_t *root)
{
    if (!zpl_choice (
            self->file, root, "http/open", zpl_yes_or_no, &self->http.open) ||
        !s_read_lists (self, root) || !s_read_tiles (self, root) ||
        !s_read_near (self, root))
        return false;
    const char *tokens = zconfig_get (root, "http/tokens", NULL);
    if (tokens && !*tokens)
        return zpl_wrong (self->file, "http/tokens", "names no file");
    if (tokens && self->http.open)
        return zpl_wrong (
            self->file, "http/open", "is yes, and http/tokens names tokens");
    if (tokens)
        self->http.tokens = zpl_beside (self->file, tokens);
    for (size_t index = 0; index < self->server_count; index++)
        if (!s_is_permitted (self, &self->servers [index]))
            return false;
    return true;
}


bool
http_port_has_tokens (const config_t *self, bool warning)
{
    const char *file = self->http.tokens;
    if (!file || access (file, F_OK) == 0 || errno != ENOENT)
        return true;
    return zpl_wrong (self->file, "http/tokens",
        "%sthere is no %s: make it with \"zherd token add %s NAME write\", or "
        "copy it from another machine",
        warning ? "warning: " : "", file, self->file);
}


void
http_port_clear (config_t *self)
{
    free (self->http.hosts);
    free (self->http.cors);
    free (self->http.tokens);
    free (self->http.tiles);
    free (self->http.proxies);
}
