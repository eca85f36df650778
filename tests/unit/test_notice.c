/*  =========================================================================
    test_notice - the names of what a server may notice

    All rows of the list.
    =========================================================================
*/

#include "core/notice.h"

#include "unit/spans.h"

#include <string.h>


static void
a_name_is_of_small_letters_and_hyphens (void **state)
{
    (void) state;
    for (unsigned index = 0; index < NOTICES; index++) {
        const char *name = notice_name ((notice_t) index);
        size_t size = strlen (name);
        assert_row (size && size <= NOTICE_NAME_SIZE_MAX, name);
        assert_row (strspn (name, "abcdefghijklmnopqrstuvwxyz-") == size, name);
        assert_row (name [0] != '-' && name [size - 1] != '-', name);
    }
}


static void
no_two_notices_share_a_name (void **state)
{
    (void) state;
    for (unsigned one = 0; one < NOTICES; one++)
        for (unsigned other = 0; other < one; other++)
            assert_row (strcmp (notice_name ((notice_t) one),
                            notice_name ((notice_t) other)) != 0,
                notice_name ((notice_t) one));
}


static void
a_level_is_one_of_three (void **state)
{
    (void) state;
    for (unsigned index = 0; index < NOTICES; index++) {
        const char *level = notice_level ((notice_t) index);
        assert_row (strcmp (level, "info") == 0 ||
                        strcmp (level, "warning") == 0 ||
                        strcmp (level, "error") == 0,
            notice_name ((notice_t) index));
    }
    assert_string_equal (notice_level (NOTICE_LINK_DOWN), "warning");
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_name_is_of_small_letters_and_hyphens),
        cmocka_unit_test (no_two_notices_share_a_name),
        cmocka_unit_test (a_level_is_one_of_three),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
