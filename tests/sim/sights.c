/*  =========================================================================
    sights - every location that was ever seen in a world
    =========================================================================
*/

#include "sim/sights.h"

#include <assert.h>
#include <czmq.h>

struct sights_t {
    zhashx_t *sights;   //  By line
    zhashx_t *clients;  //  Number, by name
};


bool
sight_is_newer (const sight_t *one, const sight_t *other)
{
    return location_compare (&one->location, &other->location) ==
           LOCATION_NEWER;
}


static void
s_destroy_sight (void **item_p)
{
    sight_t *sight = *item_p;
    free (sight->line);
    free (sight);
    *item_p = NULL;
}


static void
s_destroy_number (void **item_p)
{
    free (*item_p);
    *item_p = NULL;
}


sights_t *
sights_new (void)
{
    sights_t *self = calloc (1, sizeof (sights_t));
    assert (self);
    self->sights = zhashx_new ();
    zhashx_set_destructor (self->sights, s_destroy_sight);
    self->clients = zhashx_new ();
    zhashx_set_destructor (self->clients, s_destroy_number);
    return self;
}


void
sights_destroy (sights_t **self_p)
{
    sights_t *self = *self_p;
    if (self) {
        zhashx_destroy (&self->sights);
        zhashx_destroy (&self->clients);
        free (self);
        *self_p = NULL;
    }
}


static char *
s_string (span_t text)
{
    char *string = strndup (text.data, text.size);
    assert (string);
    return string;
}


size_t
sights_client (sights_t *self, span_t name)
{
    char *key = s_string (name);
    size_t *number = zhashx_lookup (self->clients, key);
    if (!number) {
        number = malloc (sizeof (size_t));
        assert (number);
        *number = zhashx_size (self->clients);
        zhashx_insert (self->clients, key, number);
    }
    free (key);
    return *number;
}


sight_t *
sights_see (sights_t *self, span_t line)
{
    location_t location;
    if (!location_parse (&location, line))
        return NULL;
    char *key = s_string (line);
    sight_t *sight = zhashx_lookup (self->sights, key);
    if (sight) {
        free (key);
        return sight;
    }
    sight = calloc (1, sizeof (sight_t));
    assert (sight);
    sight->client = sights_client (self, location.client);
    sight->line = key;
    location_reread (&sight->location, (span_t){key, line.size});
    zhashx_insert (self->sights, key, sight);
    return sight;
}


size_t
sights_count (const sights_t *self)
{
    return zhashx_size (self->clients);
}
