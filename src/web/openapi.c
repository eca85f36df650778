/*  =========================================================================
    openapi - docs/openapi.json, which is part of the program
    =========================================================================
*/

#include "web/openapi.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

//  The compiler has no #embed yet
__asm__(".pushsection .rodata\n"
        ".globl zherd_openapi, zherd_openapi_end\n"
        ".hidden zherd_openapi, zherd_openapi_end\n"
        "zherd_openapi:\n"
        ".incbin \"docs/openapi.json\"\n"
        "zherd_openapi_end:\n"
        ".popsection\n");

extern const char zherd_openapi [];
extern const char zherd_openapi_end [];


char *
openapi_copy (size_t *size)
{
    *size = (size_t) (zherd_openapi_end - zherd_openapi);
    char *copy = malloc (*size);
    assert (copy);
    memcpy (copy, zherd_openapi, *size);
    return copy;
}
