/*  =========================================================================
    region - which servers are gateways to other regions, and to which stream
    =========================================================================
*/

#include "config/region.h"

#include "config/zpl.h"
#include "region/subject.h"

#define KEY_SIZE 256  //  Of a key in the file
#define URL_SIZE_MAX 1024
#define NAME_RULE                                                              \
    "a name is 1 to 32 of A-Z a-z 0-9 _ - and begins with a letter or digit"

//  The keys of texts, and where they go
typedef struct {
    const char *key;
    size_t offset;
    bool file;
    const char *preset;
} text_t;

static const text_t s_texts [] = {
    {"herd/region", offsetof (config_t, region), false, NULL},
    {"nats/url", offsetof (config_t, nats.url), false, "nats://127.0.0.1:4222"},
    {"nats/stream", offsetof (config_t, nats.stream), false, "herd"},
    {"nats/credentials", offsetof (config_t, nats.credentials), true, NULL},
    {"nats/nkey", offsetof (config_t, nats.nkey), false, NULL},
    {"nats/seed", offsetof (config_t, nats.seed), true, NULL},
    {"nats/ca", offsetof (config_t, nats.ca), true, NULL},
    {"nats/cert", offsetof (config_t, nats.cert), true, NULL},
    {"nats/key", offsetof (config_t, nats.key), true, NULL},
};

#define TEXTS (sizeof s_texts / sizeof *s_texts)


static char **
s_text (config_t *config, const text_t *text)
{
    return (char **) (void *) ((char *) config + text->offset);
}


bool
region_read_server (
    const config_t *config, config_server_t *server, zconfig_t *section)
{
    char key [KEY_SIZE];
    static const char *const others [] = {"clients", "http"};
    const char *value = zconfig_get (section, "gateway", "no");
    snprintf (key, sizeof key, "servers/%s/gateway", server->name);
    server->gateway = streq (value, zpl_yes_or_no [0]);
    if (!server->gateway && !streq (value, zpl_yes_or_no [1]))
        return zpl_wrong (config->file, key, "must be yes or no");
    for (size_t index = 0; server->gateway && index < 2; index++) {
        snprintf (
            key, sizeof key, "servers/%s/%s", server->name, others [index]);
        if (zconfig_locate (section, others [index]))
            return zpl_wrong (
                config->file, key, "a gateway has no clients of its own");
    }
    return true;
}


static bool
s_read_text (config_t *self, zconfig_t *root, const text_t *text)
{
    char **to = s_text (self, text);
    const char *value = zconfig_get (root, text->key, text->preset);
    if (!value)
        return true;
    if (!*value)
        return zpl_wrong (self->file, text->key, "is empty");
    *to = text->file ? zpl_beside (self->file, value) : strdup (value);
    assert (*to);
    return true;
}


static bool
s_is_url (span_t text)
{
    static const char *const schemes [] = {"nats://", "tls://"};
    for (size_t index = 0; index < 2; index++) {
        size_t size = strlen (schemes [index]);
        if (text.size > size && memcmp (text.data, schemes [index], size) == 0)
            return true;
    }
    return false;
}


static bool
s_check_urls (const config_t *self)
{
    span_t rest = span_of (self->nats.url);
    if (rest.size > URL_SIZE_MAX)
        return zpl_wrong (
            self->file, "nats/url", "has more than %d bytes", URL_SIZE_MAX);
    for (span_t url = span_field (&rest); url.size; url = span_field (&rest))
        if (!s_is_url (url))
            return zpl_wrong (self->file, "nats/url",
                "each of the URLs, with blanks between, begins with nats:// or "
                "tls://");
    return true;
}


static bool
s_check_names (const config_t *self)
{
    const char *missing = NULL;
    for (size_t index = 0; index < self->server_count; index++)
        if (self->servers [index].gateway && !missing)
            missing = self->servers [index].name;
    if (missing && !self->region)
        return zpl_wrong (self->file, "herd/region",
            "is missing: servers/%s is a gateway", missing);
    if (self->region && !subject_is_region (span_of (self->region)))
        return zpl_wrong (self->file, "herd/region", NAME_RULE);
    return subject_is_region (span_of (self->nats.stream)) ||
           zpl_wrong (self->file, "nats/stream", NAME_RULE);
}


bool
region_read (config_t *self, zconfig_t *root)
{
    const config_nats_t *nats = &self->nats;
    for (size_t index = 0; index < TEXTS; index++)
        if (!s_read_text (self, root, &s_texts [index]))
            return false;
    if (!nats->cert != !nats->key)
        return zpl_wrong (self->file, nats->cert ? "nats/cert" : "nats/key",
            "nats/cert and nats/key go together");
    if (!nats->nkey != !nats->seed)
        return zpl_wrong (self->file, nats->nkey ? "nats/nkey" : "nats/seed",
            "nats/nkey and nats/seed go together");
    if (nats->nkey && nats->credentials)
        return zpl_wrong (self->file, "nats/nkey",
            "nats/credentials says already who we are");
    return s_check_urls (self) && s_check_names (self);
}


bool
region_permits (const config_t *self, size_t server, bool gateway)
{
    char key [KEY_SIZE];
    const config_server_t *mine = &self->servers [server];
    snprintf (key, sizeof key, "servers/%s/gateway", mine->name);
    return mine->gateway == gateway ||
           zpl_wrong (self->file, key,
               gateway ? "is not yes: zherd serves it"
                       : "is yes: zherd-gateway serves it");
}


void
region_clear (config_t *self)
{
    for (size_t index = 0; index < TEXTS; index++) {
        char **text = s_text (self, &s_texts [index]);
        free (*text);
        *text = NULL;
    }
}


bool
region_shares (const config_t *one, const config_t *other, const char *key)
{
    for (size_t index = 0; index < TEXTS; index++) {
        const text_t *text = &s_texts [index];
        char *const *mine =
            (char *const *) (const void *) ((const char *) one + text->offset);
        char *const *theirs =
            (char *const *) (const void *) ((const char *) other +
                                            text->offset);
        if (streq (text->key, key))
            return *mine && *theirs ? streq (*mine, *theirs) : *mine == *theirs;
    }
    return true;
}
