/*  =========================================================================
    devices - the newest report of each device that no server has taken yet
    =========================================================================
*/

#include "mqtt/devices.h"

#include "base/key.h"
#include "base/number_map.h"

enum { WAITING, TOLD, REFUSED, LISTS };

typedef struct {
    uint64_t number;  //  Its key: the hash of the ID
    char *id;
    char *line;
    instant_t time;
    int list;      //  The one that it is in
    void *handle;  //  Its place there
    bool renewed;  //  The line is newer than what was told
} device_t;

struct devices_t {
    size_t max;
    unsigned char key [KEY_SIZE];
    zhashx_t *by_number;
    zlistx_t *lists [LISTS];  //  Of devices, the oldest first
};


static char *
s_copy (span_t text)
{
    char *copy = strndup (text.data, text.size);
    assert (copy);
    return copy;
}


devices_t *
devices_new (size_t max, const unsigned char *key)
{
    devices_t *self = zmalloc (sizeof (devices_t));
    self->max = max;
    memcpy (self->key, key, KEY_SIZE);
    self->by_number = number_map_new ();
    for (int list = 0; list < LISTS; list++)
        self->lists [list] = zlistx_new ();
    return self;
}


static void
s_forget (devices_t *self, device_t *device)
{
    zlistx_delete (self->lists [device->list], device->handle);
    zhashx_delete (self->by_number, &device->number);
    free (device->id);
    free (device->line);
    free (device);
}


void
devices_destroy (devices_t **self_p)
{
    devices_t *self = *self_p;
    if (self) {
        for (int list = 0; list < LISTS; list++) {
            device_t *device;
            while ((device = zlistx_first (self->lists [list])))
                s_forget (self, device);
            zlistx_destroy (&self->lists [list]);
        }
        zhashx_destroy (&self->by_number);
        free (self);
        *self_p = NULL;
    }
}


//  Put it behind all others of that list, which it is in, or in none

static void
s_enter (devices_t *self, device_t *device, int list)
{
    device->list = list;
    device->handle = zlistx_add_end (self->lists [list], device);
    assert (device->handle);
}


static void
s_move (devices_t *self, device_t *device, int list)
{
    zlistx_delete (self->lists [device->list], device->handle);
    s_enter (self, device, list);
}


static void
s_move_all (devices_t *self, int from, int to)
{
    device_t *device;
    while ((device = zlistx_first (self->lists [from]))) {
        device->renewed = false;
        s_move (self, device, to);
    }
}


static devices_put_t
s_renew (devices_t *self, device_t *device, span_t line, instant_t time)
{
    if (instant_compare (time, device->time) < 0)
        return DEVICES_OLDER;
    free (device->line);
    device->line = s_copy (line);
    device->time = time;
    device->renewed = device->list == TOLD;
    if (device->list == REFUSED)
        s_move (self, device, WAITING);
    return DEVICES_REPLACES;
}


devices_put_t
devices_put (devices_t *self, span_t id, span_t line, instant_t time)
{
    uint64_t number = key_hash (self->key, id);
    device_t *device = zhashx_lookup (self->by_number, &number);
    //  Of two that share a hash, which nobody can bring about, one has to wait
    if (device && span_equal (span_of (device->id), id))
        return s_renew (self, device, line, time);
    if (device || zhashx_size (self->by_number) >= self->max)
        return DEVICES_FULL;
    device = zmalloc (sizeof (device_t));
    *device = (device_t){.number = number,
        .id = s_copy (id),
        .line = s_copy (line),
        .time = time};
    int rc = zhashx_insert (self->by_number, &device->number, device);
    assert (rc == 0);
    s_enter (self, device, WAITING);
    return DEVICES_NEW;
}


span_t
devices_tell (devices_t *self)
{
    device_t *device = zlistx_first (self->lists [WAITING]);
    if (!device)
        return (span_t){NULL, 0};
    s_move (self, device, TOLD);
    return span_of (device->line);
}


//  The reply is a server's to a line of that ID

static devices_reply_t
s_judge (span_t reply, span_t id)
{
    location_t location;
    if (location_parse (&location, reply))
        return span_equal (location.client, id) ? DEVICES_TAKEN
                                                : DEVICES_NONSENSE;
    if (span_equal (span_field (&reply), span_of ("?")) &&
        span_equal (span_field (&reply), span_of ("IAMAT")) &&
        span_equal (span_field (&reply), id))
        return DEVICES_REFUSED;
    return DEVICES_NONSENSE;
}


devices_reply_t
devices_reply (devices_t *self, span_t reply)
{
    device_t *device = zlistx_first (self->lists [TOLD]);
    devices_reply_t judged =
        device ? s_judge (reply, span_of (device->id)) : DEVICES_NONSENSE;
    if (judged == DEVICES_NONSENSE)
        return judged;
    if (device->renewed) {
        device->renewed = false;
        s_move (self, device, WAITING);
    }
    else if (judged == DEVICES_TAKEN)
        s_forget (self, device);
    else
        s_move (self, device, REFUSED);
    return judged;
}


void
devices_untell (devices_t *self)
{
    s_move_all (self, TOLD, WAITING);
}


void
devices_retry (devices_t *self)
{
    s_move_all (self, REFUSED, WAITING);
}


size_t
devices_waiting (const devices_t *self)
{
    return zlistx_size (self->lists [WAITING]);
}


size_t
devices_told (const devices_t *self)
{
    return zlistx_size (self->lists [TOLD]);
}


size_t
devices_refused (const devices_t *self)
{
    return zlistx_size (self->lists [REFUSED]);
}
