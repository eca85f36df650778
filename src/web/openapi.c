/*  =========================================================================
    openapi - docs/openapi.json, which is part of the program
    =========================================================================
*/

#include "web/openapi.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

//  The compiler has no #embed yet
__asm__(".pushsection .rodata\n"
        ".globl zherd_openapi, zherd_openapi_size\n"
        ".hidden zherd_openapi, zherd_openapi_size\n"
        "zherd_openapi:\n"
        ".incbin \"docs/openapi.json\"\n"
        "zherd_openapi_end:\n"
        ".balign 8\n"
        "zherd_openapi_size:\n"
        ".quad zherd_openapi_end - zherd_openapi\n"
        ".popsection\n");

extern const char zherd_openapi [];
extern const uint64_t zherd_openapi_size;


char *
openapi_copy (size_t *size)
{
    *size = zherd_openapi_size;
    char *copy = malloc (*size);
    assert (copy);
    memcpy (copy, zherd_openapi, *size);
    return copy;
}
