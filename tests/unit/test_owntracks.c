/*  =========================================================================
    test_owntracks - the reports of OwnTracks, over HTTP and MQTT
    =========================================================================
*/

#include "unit/spans.h"

#include "reports/owntracks.h"

#include <string.h>

typedef struct {
    const char *user;
    const char *device;
    const char *body;
    fix_outcome_t outcome;
    const char *iamat;  //  ID, place and stamp, if it is found
} row_t;


static void
s_check (const row_t *rows, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        const row_t *row = &rows [index];
        char iamat [2048];
        fix_t fix;
        fix_outcome_t outcome = owntracks_read (&fix, span_of (row->user),
            span_of (row->device), span_of (row->body));
        if (outcome != row->outcome)
            fail_msg ("row %zu is %d, not %d", index, outcome, row->outcome);
        snprintf (
            iamat, sizeof (iamat), "%s %s %s", fix.id, fix.place, fix.stamp);
        if (outcome == FIX_FOUND)
            assert_string_equal (iamat, row->iamat);
    }
}

#define CHECK(rows) s_check (rows, COUNT (rows))


static void
locations_of_all_versions_are_read (void **state)
{
    static const row_t rows [] = {
        {"", "",
            "{\"_type\":\"location\",\"BSSID\":\"00:00:5e:00:53:01\","
            "\"SSID\":\"home\",\"_id\":\"2b021f63\",\"acc\":7,\"alt\":369,"
            "\"batt\":22,\"bs\":2,\"cog\":0,\"conn\":\"w\","
            "\"created_at\":1774028001,\"inregions\":[\"Home\"],"
            "\"lat\":34.0689300,\"lon\":-118.4451270,\"m\":2,"
            "\"source\":\"fused\",\"tid\":\"f3\","
            "\"topic\":\"owntracks/jane/phone\",\"tst\":1774028001,"
            "\"vac\":10,\"vel\":0}",
            FIX_FOUND,
            "owntracks/jane/phone +34.0689300-118.4451270 1774028001"},
        {"jane", "phone",
            "{\"_type\":\"location\",\"acc\":22,\"alt\":257,\"batt\":93,"
            "\"bs\":1,\"created_at\":1616985986,\"lat\":34.06893,"
            "\"lon\":-118.445127,\"tid\":\"5\",\"tst\":1616985985,\"vac\":0,"
            "\"vel\":0}",
            FIX_FOUND,
            "owntracks/jane/phone +34.0689300-118.4451270 1616985985"},
        {"", "",
            "{\"_type\":\"location\",\"acc\":66,\"alt\":167.10000610351562,"
            "\"batt\":9,\"conn\":\"w\",\"lat\":34.06893,\"lon\":-118.445127,"
            "\"tid\":\"px\",\"tst\":1544227351,\"vac\":2,\"vel\":0.0}",
            FIX_FOUND, "owntracks/px +34.0689300-118.4451270 1544227351"},
        {"", "",
            "{\"lon\":2.29513,\"lat\":48.85833,\"_type\":\"location\","
            "\"tst\":1497476456,\"tid\":\"JJ\"}",
            FIX_FOUND, "owntracks/JJ +48.8583300+2.2951300 1497476456"},
    };
    (void) state;
    CHECK (rows);
}


static void
numbers_of_any_kind_are_read (void **state)
{
#define L(rest) "{\"_type\":\"location\",\"tid\":\"a\"," rest "}"
    static const row_t rows [] = {
        {"", "", L ("\"lat\":51,\"lon\":-3.2E-4,\"tst\":1.0"), FIX_FOUND,
            "owntracks/a +51.0000000-0.0003200 1"},
        {"", "",
            L ("\"lat\":0.0,\"lon\":0,\"tst\":5,\"acc\":null,\"batt\":-1,"
               "\"vel\":\"x\",\"alt\":1.5,\"x\":99999999999999999999999"),
            FIX_FOUND, "owntracks/a +0.0000000+0.0000000 5"},
        {"", "", L ("\"lat\":\"1\",\"lon\":2,\"tst\":5"), FIX_NONE, NULL},
        {"", "", L ("\"lat\":1,\"lon\":2"), FIX_NONE, NULL},
        {"", "", L ("\"lat\":1,\"lon\":2,\"tst\":0"), FIX_NONE, NULL},
        {"", "", L ("\"lat\":1,\"lon\":2,\"tst\":-1"), FIX_NONE, NULL},
        {"", "", L ("\"lat\":91,\"lon\":2,\"tst\":1"), FIX_NONE, NULL},
        {"", "", L ("\"tst\":1"), FIX_NONE, NULL},
    };
    (void) state;
    CHECK (rows);
}


//  Traccar once said 400 to one of these, which disabled the app for ever

static void
what_is_no_location_is_passed_over (void **state)
{
    static const row_t rows [] = {
        {"", "", "", FIX_NONE, NULL},
        {"", "", "{\"_type\":\"dump\",\"configuration\":{}}", FIX_NONE, NULL},
        {"", "", "{\"_type\":\"lwt\",\"tst\":1}", FIX_NONE, NULL},
        {"", "", "{\"_type\":\"waypoint\",\"lat\":1,\"lon\":2,\"tst\":1}",
            FIX_NONE, NULL},
        {"", "", "{\"_type\":\"waypoints\",\"waypoints\":[]}", FIX_NONE, NULL},
        {"", "", "{\"_type\":\"card\",\"face\":\"AA==\"}", FIX_NONE, NULL},
        {"", "", "{\"_type\":\"encrypted\",\"data\":\"AA==\"}", FIX_NONE, NULL},
        {"", "", "{\"_type\":7}", FIX_NONE, NULL},
        {"", "", "{}", FIX_NONE, NULL},
        {"", "",
            "{\"_type\":\"transition\",\"event\":\"enter\",\"wtst\":1,"
            "\"tid\":\"f3\",\"topic\":\"owntracks/jane/phone/event\","
            "\"lat\":1.5,\"lon\":2.5,\"tst\":7}",
            FIX_FOUND, "owntracks/jane/phone +1.5000000+2.5000000 7"},
        {"", "", "{\"_type\":\"transition\",\"tid\":\"f3\",\"tst\":7}",
            FIX_NONE, NULL},
    };
    (void) state;
    CHECK (rows);
}


static void
only_what_is_no_json_object_is_bad (void **state)
{
    static const row_t rows [] = {
        {"u", "d", "[]", FIX_BAD, NULL},
        {"u", "d", "7", FIX_BAD, NULL},
        {"u", "d", "{", FIX_BAD, NULL},
        {"u", "d", "{} x", FIX_BAD, NULL},
        {"u", "d", "lat=1&lon=2", FIX_BAD, NULL},
        {"u", "d", "{\"_type\":\"\xFF\"}", FIX_BAD, NULL},
    };
    (void) state;
    CHECK (rows);
}


static void
who_it_is_says_the_request_then_the_topic_then_the_tid (void **state)
{
#define T "\"tid\":\"f3\""
#define TOPIC T ",\"topic\":\"owntracks/jane/phone\""
#define F(who) "{\"_type\":\"location\",\"lat\":1,\"lon\":2,\"tst\":7," who "}"
#define THERE " +1.0000000+2.0000000 7"
    static const row_t rows [] = {
        {"bob", "car", F (TOPIC), FIX_FOUND, "owntracks/bob/car" THERE},
        {"bob", "", F (TOPIC), FIX_FOUND, "owntracks/bob/phone" THERE},
        {"", "car", F (TOPIC), FIX_FOUND, "owntracks/owntracks/car" THERE},
        {"", "", F (TOPIC), FIX_FOUND, "owntracks/jane/phone" THERE},
        {"", "", F (T), FIX_FOUND, "owntracks/f3" THERE},
        {"", "", F ("\"tid\":\"\""), FIX_NONE, NULL},
        {"", "", F ("\"tid\":7"), FIX_NONE, NULL},
        {"Jane Doe", "my phone", F (T), FIX_FOUND,
            "owntracks/Jane%20Doe/my%20phone" THERE},
    };
    (void) state;
    CHECK (rows);
}


static void
user_and_device_may_be_in_the_query (void **state)
{
    char one [64];
    char two [64];
    span_t user = span_of ("old");
    span_t device = span_of ("older");
    (void) state;
    owntracks_read_query (
        span_of ("u=Jane%20Doe&x=1&d=my+phone"), &user, one, &device, two);
    assert_text (user, "Jane Doe");
    assert_text (device, "my phone");
    user = span_of ("old");
    owntracks_read_query (span_of ("d=a"), &user, one, &device, two);
    assert_text (user, "old");
    assert_text (device, "a");
}


static void
what_is_published_is_of_its_topic (void **state)
{
    static const struct {
        const char *topic;
        const char *body;
        fix_outcome_t outcome;
        const char *id;
    } rows [] = {
        {"owntracks/jane/phone",
            "{\"_type\":\"location\",\"lat\":1,\"lon\":2,\"tst\":3}", FIX_FOUND,
            "owntracks/jane/phone"},
        {"owntracks/jane/phone",
            "{\"_type\":\"location\",\"lat\":1,\"lon\":2,\"tst\":3,"
            "\"topic\":\"owntracks/bob/phone\",\"tid\":\"bb\"}",
            FIX_FOUND, "owntracks/jane/phone"},
        {"owntracks/jane/phone/event",
            "{\"_type\":\"transition\",\"lat\":1,\"lon\":2,\"tst\":3}",
            FIX_FOUND, "owntracks/jane/phone"},
        {"owntracks/jane doe/100%",
            "{\"_type\":\"location\",\"lat\":1,\"lon\":2,\"tst\":3}", FIX_FOUND,
            "owntracks/jane%20doe/100%25"},
        {"owntracks/jane/phone", "{\"_type\":\"lwt\",\"tst\":3}", FIX_NONE, ""},
        {"owntracks/jane/phone", "", FIX_NONE, ""},
        {"owntracks/jane/phone", "[]", FIX_BAD, ""},
        {"owntracks/jane/phone", "\"location\"", FIX_BAD, ""},
        {"owntracks/jane/phone", "47.1,8.5", FIX_BAD, ""},
    };
    (void) state;
    for (size_t index = 0; index < COUNT (rows); index++) {
        fix_t fix;
        fix_outcome_t outcome = owntracks_read_published (
            &fix, span_of (rows [index].topic), span_of (rows [index].body));
        assert_row (outcome == rows [index].outcome, rows [index].body);
        if (outcome == FIX_FOUND)
            assert_string_equal (fix.id, rows [index].id);
    }
}


static void
a_topic_that_is_too_long_is_passed_over (void **state)
{
    char topic [LOCATION_CLIENT_SIZE_MAX + 2];
    static const char body [] =
        "{\"_type\":\"location\",\"lat\":1,\"lon\":2,\"tst\":3}";
    fix_t fix;
    (void) state;
    memset (topic, 'x', sizeof (topic));
    assert_int_equal (owntracks_read_published (&fix,
                          (span_t){topic, sizeof (topic)}, span_of (body)),
        FIX_NONE);
    assert_int_equal (
        owntracks_read_published (
            &fix, (span_t){topic, LOCATION_CLIENT_SIZE_MAX}, span_of (body)),
        FIX_FOUND);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (locations_of_all_versions_are_read),
        cmocka_unit_test (numbers_of_any_kind_are_read),
        cmocka_unit_test (what_is_no_location_is_passed_over),
        cmocka_unit_test (only_what_is_no_json_object_is_bad),
        cmocka_unit_test (
            who_it_is_says_the_request_then_the_topic_then_the_tid),
        cmocka_unit_test (user_and_device_may_be_in_the_query),
        cmocka_unit_test (what_is_published_is_of_its_topic),
        cmocka_unit_test (a_topic_that_is_too_long_is_passed_over),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
