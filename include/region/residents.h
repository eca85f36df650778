/*  =========================================================================
    residents - the servers of a region

    No two regions may have a server of one name.  So each tells the others the
    names of its own, when they meet.
    =========================================================================
*/

#ifndef REGION_RESIDENTS_H
#define REGION_RESIDENTS_H

#include "base/span.h"

#define RESIDENTS_MAX 64

//  Bytes of all names, and a blank behind each.
#define RESIDENTS_SIZE_MAX ((size_t) RESIDENTS_MAX * (SPAN_NAME_SIZE_MAX + 1))

//  Part of the owner's structure; all zero is none.
typedef struct {
    size_t count;
    struct {
        size_t size;
        char text [SPAN_NAME_SIZE_MAX];
    } names [RESIDENTS_MAX];
} residents_t;

//  Let these be the names, which are copied, and at most RESIDENTS_MAX.
//  Returns true if there is one among them that was not.
bool
residents_set (residents_t *self, const char *const *names, size_t count);

//  Return true if the name is one of them.
bool
residents_has (const residents_t *self, span_t name);

//  Write the names, with blanks between, to the buffer of RESIDENTS_SIZE_MAX
//  bytes.  Returns their size.
size_t
residents_print (const residents_t *self, char *buffer);

//  Return the first name that is in such a list of others, or, if all should
//  be, the first that is not; or an empty span.
span_t
residents_differ (const residents_t *self, span_t list, bool all);

#endif
