/*  =========================================================================
    shortage - memory that runs out when a test says so
    =========================================================================
*/

#include "unit/shortage.h"

#include <stdint.h>

//  The linker is told --wrap=malloc and so on: calls go to the first, and the
//  second is the library's
void *
shortage_malloc (size_t size) __asm__("__wrap_malloc");
void *
shortage_library_malloc (size_t size) __asm__("__real_malloc");
void *
shortage_calloc (size_t count, size_t size) __asm__("__wrap_calloc");
void *
shortage_library_calloc (size_t count, size_t size) __asm__("__real_calloc");
void *
shortage_realloc (void *memory, size_t size) __asm__("__wrap_realloc");
void *
shortage_library_realloc (void *memory, size_t size) __asm__("__real_realloc");

static size_t s_few = SIZE_MAX;
static size_t s_least;  //  Smaller requests do not count
static size_t s_requests;


static int
s_fails (size_t size)
{
    return size >= s_least && s_requests++ >= s_few;
}


void *
shortage_malloc (size_t size)
{
    return s_fails (size) ? NULL : shortage_library_malloc (size);
}


void *
shortage_calloc (size_t count, size_t size)
{
    return s_fails (count * size) ? NULL
                                  : shortage_library_calloc (count, size);
}


void *
shortage_realloc (void *memory, size_t size)
{
    return s_fails (size) ? NULL : shortage_library_realloc (memory, size);
}


void
shortage_begin (size_t few, size_t size)
{
    s_few = few;
    s_least = size;
    s_requests = 0;
}


size_t
shortage_end (void)
{
    s_few = SIZE_MAX;
    return s_requests;
}
