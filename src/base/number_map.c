/*  =========================================================================
    number_map - things by their number
    =========================================================================
*/

#include "base/number_map.h"


//  Numbers that follow each other are spread by the golden ratio

static size_t
s_hash (const void *key)
{
    return (size_t) (*(const uint64_t *) key * 0x9E3779B97F4A7C15u >> 32);
}


static int
s_compare (const void *one, const void *other)
{
    return *(const uint64_t *) one != *(const uint64_t *) other;
}


zhashx_t *
number_map_new (void)
{
    zhashx_t *self = zhashx_new ();
    zhashx_set_key_hasher (self, s_hash);
    zhashx_set_key_comparator (self, s_compare);
    zhashx_set_key_duplicator (self, NULL);
    zhashx_set_key_destructor (self, NULL);
    return self;
}
