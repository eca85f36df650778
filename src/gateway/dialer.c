/*  =========================================================================
    dialer - how libnats is to connect, as the topology file says
    =========================================================================
*/

#include "gateway/dialer.h"

#include "config/zpl.h"
#include "log/secret.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  For one server to answer, for the network to take what is written, and
//  between pings, of which two may be without an answer: a server that is
//  paused, or a line that is cut, is noticed within ten seconds
#define CONNECT_MS 3000
#define WRITE_MS 5000
#define PING_MS 3000
#define PINGS_OUT 2

#define URLS_MAX 64
#define SECRET_SIZE_MAX 65536

//  Authorities of the system, as Debian has them
#define SYSTEM_CA "/etc/ssl/certs/ca-certificates.crt"


static bool
s_wrong (const config_t *config, const char *key, const char *file)
{
    const char *why = nats_GetLastError (NULL);
    return zpl_wrong (
        config->file, key, "%s: %s", file, why && *why ? why : "can't be used");
}


//  A file with a secret is its owner's alone

static bool
s_check_secret (const config_t *config, const char *key, const char *file)
{
    const char *why;
    char *text = zpl_slurp (file, SECRET_SIZE_MAX, ZPL_CLOSED, &why);
    if (!text)
        return zpl_wrong (config->file, key, "%s: %s", file, why);
    secret_forget (&text);
    return true;
}


static bool
s_set_identity (const config_t *config, natsOptions *options)
{
    const config_nats_t *nats = &config->nats;
    if (nats->credentials)
        return s_check_secret (config, "nats/credentials", nats->credentials) &&
               (natsOptions_SetUserCredentialsFromFiles (
                    options, nats->credentials, NULL) == NATS_OK ||
                   s_wrong (config, "nats/credentials", nats->credentials));
    if (nats->nkey)
        return s_check_secret (config, "nats/seed", nats->seed) &&
               (natsOptions_SetNKeyFromSeed (options, nats->nkey, nats->seed) ==
                       NATS_OK ||
                   s_wrong (config, "nats/seed", nats->seed));
    return true;
}


static bool
s_set_tls (const config_t *config, natsOptions *options)
{
    const config_nats_t *nats = &config->nats;
    const char *ca = nats->ca ? nats->ca : SYSTEM_CA;
    if (!nats->ca && !nats->cert && !strstr (nats->url, "tls://"))
        return true;
    if (natsOptions_SetSecure (options, true) != NATS_OK)
        return s_wrong (config, "nats/url", "TLS");
    if (natsOptions_LoadCATrustedCertificates (options, ca) != NATS_OK)
        return s_wrong (config, "nats/ca", ca);
    if (!nats->cert)
        return true;
    return s_check_secret (config, "nats/key", nats->key) &&
           (natsOptions_LoadCertificatesChain (
                options, nats->cert, nats->key) == NATS_OK ||
               s_wrong (config, "nats/cert", nats->cert));
}


//  The words of one copy, each with a NUL behind it

static bool
s_set_urls (const config_t *config, natsOptions *options)
{
    const char *urls [URLS_MAX];
    int count = 0;
    char *copy = strdup (config->nats.url);
    assert (copy);
    char *rest = copy;
    for (char *url; count < URLS_MAX && (url = strsep (&rest, " \t"));)
        if (*url)
            urls [count++] = url;
    natsStatus status = natsOptions_SetServers (options, urls, count);
    free (copy);
    return status == NATS_OK || s_wrong (config, "nats/url", "the URLs");
}


static bool
s_set_times (natsOptions *options, const char *name)
{
    return natsOptions_SetAllowReconnect (options, false) == NATS_OK &&
           natsOptions_SetTimeout (options, CONNECT_MS) == NATS_OK &&
           natsOptions_SetWriteDeadline (options, WRITE_MS) == NATS_OK &&
           natsOptions_SetPingInterval (options, PING_MS) == NATS_OK &&
           natsOptions_SetMaxPingsOut (options, PINGS_OUT) == NATS_OK &&
           natsOptions_SetName (options, name) == NATS_OK;
}


natsOptions *
dialer_options (const config_t *config, const char *name)
{
    natsOptions *options = NULL;
    bool good = (natsOptions_Create (&options) == NATS_OK &&
                    s_set_times (options, name)) ||
                s_wrong (config, "nats", "libnats");
    if (good && s_set_urls (config, options) &&
        s_set_identity (config, options) && s_set_tls (config, options))
        return options;
    natsOptions_Destroy (options);
    return NULL;
}
