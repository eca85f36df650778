/*  =========================================================================
    residents - the servers of a region
    =========================================================================
*/

#include "region/residents.h"

#include <assert.h>
#include <string.h>


static span_t
s_name (const residents_t *self, size_t index)
{
    return (span_t){self->names [index].text, self->names [index].size};
}


bool
residents_has (const residents_t *self, span_t name)
{
    for (size_t index = 0; index < self->count; index++)
        if (span_equal (name, s_name (self, index)))
            return true;
    return false;
}


bool
residents_set (residents_t *self, const char *const *names, size_t count)
{
    bool grown = false;
    assert (count <= RESIDENTS_MAX);
    for (size_t index = 0; index < count; index++)
        grown |= !residents_has (self, span_of (names [index]));
    self->count = count;
    for (size_t index = 0; index < count; index++) {
        size_t size = strlen (names [index]);
        assert (size <= SPAN_NAME_SIZE_MAX);
        memcpy (self->names [index].text, names [index], size);
        self->names [index].size = size;
    }
    return grown;
}


size_t
residents_print (const residents_t *self, char *buffer)
{
    size_t size = 0;
    for (size_t index = 0; index < self->count; index++) {
        span_t name = s_name (self, index);
        memcpy (buffer + size, name.data, name.size);
        size += name.size;
        buffer [size++] = ' ';
    }
    return size ? size - 1 : 0;
}


//  Once through the list: another region may make it long, and tell it again
//  and again

span_t
residents_differ (const residents_t *self, span_t list, bool all)
{
    bool found [RESIDENTS_MAX] = {false};
    for (span_t word = span_field (&list); word.size; word = span_field (&list))
        for (size_t index = 0; index < self->count; index++)
            found [index] |= span_equal (word, s_name (self, index));
    for (size_t index = 0; index < self->count; index++)
        if (found [index] != all)
            return s_name (self, index);
    return (span_t){NULL, 0};
}
