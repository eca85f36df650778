/*  =========================================================================
    fuzz_google - whatever Google's new API says, what comes out is good
    =========================================================================
*/

#include "fuzz/translated.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    translated_check (&api_google, data, size);
    return 0;
}
