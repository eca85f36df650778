/*  =========================================================================
    notice - the names of what a server may notice
    =========================================================================
*/

#include "core/notice.h"

#include <assert.h>

#define NAME(id, name, level) (name),
#define LEVEL(id, name, level) (level),


const char *
notice_name (notice_t notice)
{
    static const char *const names [] = {NOTICE_LIST (NAME)};
    assert (notice < NOTICES);
    return names [notice];
}


const char *
notice_level (notice_t notice)
{
    static const char *const levels [] = {NOTICE_LIST (LEVEL)};
    assert (notice < NOTICES);
    return levels [notice];
}
