/*  =========================================================================
    test_overland - the batches of Overland
    =========================================================================
*/

#include "unit/spans.h"

#include "reports/overland.h"

#include <stdlib.h>
#include <string.h>


static void
s_each (void *context, const fix_t *fix)
{
    char *all = context;
    size_t size = strlen (all);
    snprintf (
        all + size, 4096 - size, "%s %s %s\n", fix->id, fix->place, fix->stamp);
}


static void
s_check (const char *body, fix_outcome_t outcome, const char *fixes)
{
    char all [4096] = "";
    assert_int_equal (overland_read (span_of (body), s_each, all), outcome);
    assert_string_equal (all, fixes);
}

#define POINT(where, properties)                                               \
    "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\","                  \
    "\"coordinates\":" where "},\"properties\":{" properties "}}"
#define SAID "\"device_id\":\"jane\",\"timestamp\":"
#define MORE                                                                   \
    ",\"horizontal_accuracy\":5,\"speed\":-1,\"battery_level\":0.5,"           \
    "\"motion\":[\"walking\"],\"wifi\":\"\",\"altitude\":-0.5"


static void
a_batch_is_read_longitude_first (void **state)
{
    (void) state;
    s_check ("{\"locations\":[" POINT ("[-118.445127,34.06893]", SAID
                 "\"2015-10-01T08:00:00-0700\"" MORE) "," POINT ("[2,1,77]",
                 SAID "\"2015-10-01T08:00:01Z\"" MORE) "],\"trip\":{}}",
        FIX_FOUND,
        "jane +34.0689300-118.4451270 1443711600\n"
        "jane +1.0000000+2.0000000 1443686401\n");
}


//  It is the newest when much has gathered

static void
the_current_point_comes_first (void **state)
{
    (void) state;
    s_check (
        "{\"locations\":[" POINT ("[2,1]", SAID
            "\"2015-10-01T08:00:01Z\"") "],"
                                        "\"current\":" POINT ("[4,3]", SAID
                                            "\"2015-10-01T08:00:09Z\"") "}",
        FIX_FOUND,
        "jane +3.0000000+4.0000000 1443686409\n"
        "jane +1.0000000+2.0000000 1443686401\n");
}


static void
a_device_without_name_has_its_number (void **state)
{
    (void) state;
    s_check ("{\"locations\":[" POINT ("[2,1]",
                 "\"device_id\":\"\",\"unique_id\":\"U 1\","
                 "\"timestamp\":\"2015-10-01T08:00:01Z\"") "]}",
        FIX_FOUND, "U%201 +1.0000000+2.0000000 1443686401\n");
}


static void
what_is_no_fix_is_passed_over (void **state)
{
    (void) state;
    s_check (
        "{\"locations\":[7,null,{},{\"geometry\":7}," POINT ("[2]", SAID
            "1") "," POINT ("[2,91]", SAID "1") "," POINT ("[\"2\",1]", SAID
            "1") "," POINT ("[2,1]", "") "," POINT ("[4,3]", SAID "1") "]}",
        FIX_FOUND, "jane +3.0000000+4.0000000 1\n");
    s_check ("{\"locations\":[],\"current\":null}", FIX_NONE, "");
}


static void
what_has_no_locations_is_bad (void **state)
{
    (void) state;
    s_check ("", FIX_BAD, "");
    s_check ("[]", FIX_BAD, "");
    s_check ("{}", FIX_BAD, "");
    s_check ("{\"locations\":{}}", FIX_BAD, "");
    s_check ("{\"locations\":[", FIX_BAD, "");
}


//  Each costs a change of the table

static void
more_than_the_app_can_send_are_refused (void **state)
{
    size_t room = 32 + 2 * (OVERLAND_FEATURES_MAX + 1);
    char *body = malloc (room);
    char all [4096] = "";
    (void) state;
    assert_non_null (body);
    for (size_t more = 0; more < 2; more++) {
        char *to = stpcpy (body, "{\"locations\":[1");
        for (size_t count = 1; count < OVERLAND_FEATURES_MAX + more; count++)
            to = stpcpy (to, ",1");
        stpcpy (to, "]}");
        assert_int_equal (overland_read (span_of (body), s_each, all),
            more ? FIX_TOO_MANY : FIX_NONE);
    }
    free (body);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_batch_is_read_longitude_first),
        cmocka_unit_test (the_current_point_comes_first),
        cmocka_unit_test (a_device_without_name_has_its_number),
        cmocka_unit_test (what_is_no_fix_is_passed_over),
        cmocka_unit_test (what_has_no_locations_is_bad),
        cmocka_unit_test (more_than_the_app_can_send_are_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
