/*  =========================================================================
    dial - makes a client of libmosquitto
    =========================================================================
*/

#include "mqtt/dial.h"

#include "mqtt/login.h"

#include <assert.h>
#include <stdio.h>

//  Where Debian, and others, have the certificates of their authorities
#define SYSTEM_CERTS "/etc/ssl/certs"


//  Nobody is there to type a password

static int
s_no_password (char *buffer, int size, int rwflag, void *context)
{
    (void) buffer;
    (void) size;
    (void) rwflag;
    (void) context;
    return 0;
}


//  Return what is wrong, or NULL

static const char *
s_log_in (const broker_options_t *options, struct mosquitto *client)
{
    login_t login;
    if (!options->login)
        return NULL;
    const char *wrong = login_read (&login, options->login);
    if (!wrong && mosquitto_username_pw_set (
                      client, login.user, login.password) != MOSQ_ERR_SUCCESS)
        wrong = "has a user that is not UTF-8";
    login_forget (&login);
    return wrong;
}


static int
s_set_tls (const broker_options_t *options, struct mosquitto *client)
{
    if (!options->tls)
        return MOSQ_ERR_SUCCESS;
    return mosquitto_tls_set (client, options->ca,
        options->ca ? NULL : SYSTEM_CERTS, options->cert, options->key,
        s_no_password);
}


const char *
dial_make (const broker_options_t *options, void *context,
    struct mosquitto **client_p, char *text)
{
    struct mosquitto *client =
        mosquitto_new (options->client_id, true, context);
    assert (client);
    *client_p = client;
    const char *wrong = s_log_in (options, client);
    int rc = s_set_tls (options, client);
    if (wrong)
        snprintf (text, DIAL_REASON_SIZE, "%s: %s", options->login, wrong);
    else if (rc)
        snprintf (text, DIAL_REASON_SIZE,
            "%s, %s, %s: these are no readable %s",
            options->ca ? options->ca : SYSTEM_CERTS,
            options->cert ? options->cert : "-",
            options->key ? options->key : "-",
            "certificates of authorities, certificate and key");
    return wrong || rc ? text : NULL;
}
