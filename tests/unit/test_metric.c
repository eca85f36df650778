/*  =========================================================================
    test_metric - one list makes the structure, and what is shown of it
    =========================================================================
*/

#include "base/metric.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define SHED_METRICS(X)                                                        \
    X (COUNT, opened, "doors", "did=\"open\"", "Of doors.")                    \
    X (TRUTH, empty, "empty", NULL, "It has nothing.")                         \
    X (GAUGE, warmth, "warmth", NULL, "Degrees.")                              \
    X (SIZE, tools, "tools", NULL, "Tools in it.")

typedef struct {
    const char *name;
    SHED_METRICS (METRIC_FIELD)
} shed_t;

#define SHED_ROW(...) METRIC_ROW (shed_t, __VA_ARGS__)

static const metric_t s_shed [] = {SHED_METRICS (SHED_ROW)};


static void
a_row_has_key_and_value_of_its_field (void **state)
{
    static const char *const keys [] = {"opened", "empty", "warmth", "tools"};
    static const int64_t values [] = {INT64_MAX, 1, -40, 7};
    const shed_t shed = {.tools = 7,
        .warmth = -40,
        .empty = true,
        .opened = INT64_MAX,
        .name = "shed"};
    (void) state;
    assert_int_equal (sizeof (s_shed) / sizeof (metric_t), 4);
    for (size_t row = 0; row < 4; row++) {
        assert_string_equal (s_shed [row].key, keys [row]);
        assert_int_equal (metric_value (&s_shed [row], &shed), values [row]);
    }
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_row_has_key_and_value_of_its_field),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
