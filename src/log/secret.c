/*  =========================================================================
    secret - a key that must not be told
    =========================================================================
*/

#include "log/secret.h"

#include "log/escape.h"

#include <curl/curl.h>

#include <assert.h>
#include <sodium/utils.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

//  In a log, in one of JSON, in a URL
#define FORMS 3

struct secret_t {
    secret_t *next;  //  Of another key, or NULL
    char *forms [FORMS];
};


char *
secret_take (const char *name)
{
    char *secret = NULL;
    size_t size = strlen (name);
    for (char **entry = environ; entry && *entry; entry++) {
        char *value = *entry + size + 1;
        if (strncmp (*entry, name, size) != 0 || value [-1] != '=')
            continue;
        if (!secret) {
            secret = strdup (value);
            assert (secret);
        }
        sodium_memzero (value, strlen (value));
    }
    unsetenv (name);
    return secret;
}


void
secret_forget (char **secret_p)
{
    if (*secret_p)
        sodium_memzero (*secret_p, strlen (*secret_p));
    free (*secret_p);
    *secret_p = NULL;
}


//  A core file that is piped to a program heeds no limit of its size

void
secret_close_memory (void)
{
    static const struct rlimit none = {0, 0};
    (void) setrlimit (RLIMIT_CORE, &none);
    (void) prctl (PR_SET_DUMPABLE, 0);
}


static char *
s_in_log (const char *key, size_t (*print) (span_t, char *))
{
    char *text = calloc (strlen (key) + 1, ESCAPE_JSON_GROWTH);
    assert (text);
    print (span_of (key), text);
    return text;
}


secret_t *
secret_new (const char *key)
{
    if (!key)
        return NULL;
    assert (*key);
    secret_t *self = calloc (1, sizeof (secret_t));
    assert (self);
    char *in_url = curl_easy_escape (NULL, key, 0);
    assert (in_url);
    self->forms [0] = s_in_log (key, escape_print);
    self->forms [1] = s_in_log (key, escape_print_json);
    self->forms [2] = strdup (in_url);
    assert (self->forms [2]);
    sodium_memzero (in_url, strlen (in_url));
    curl_free (in_url);
    return self;
}


//  Of equal keys one is enough, however often the same is given

void
secret_join (secret_t **self_p, secret_t **other_p)
{
    secret_t *other = *other_p;
    *other_p = NULL;
    for (; *self_p; self_p = &(*self_p)->next)
        if (other && strcmp ((*self_p)->forms [0], other->forms [0]) == 0)
            secret_destroy (&other);
    *self_p = other;
}


void
secret_destroy (secret_t **self_p)
{
    secret_t *self = *self_p;
    if (self) {
        secret_destroy (&self->next);
        for (size_t index = 0; index < FORMS; index++)
            secret_forget (&self->forms [index]);
        free (self);
        *self_p = NULL;
    }
}


static void
s_hide (const char *form, char *text, size_t size)
{
    size_t form_size = strlen (form);
    char *end = text + size;
    char *at = text;
    while ((at = memmem (at, (size_t) (end - at), form, form_size))) {
        memset (at, '*', form_size);
        at += form_size;
    }
}


void
secret_hide (const secret_t *self, char *text, size_t size)
{
    for (; self; self = self->next)
        for (size_t index = 0; index < FORMS; index++)
            if (index == 0 ||
                strcmp (self->forms [index], self->forms [0]) != 0)
                s_hide (self->forms [index], text, size);
}
