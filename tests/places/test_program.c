/*  =========================================================================
    test_program - zherd-places as it is called

    The program itself: what it makes of files, and what it says and exits with
    when it can't.
    =========================================================================
*/

#include "places/gazetteer.h"

#include <czmq.h>

#include <setjmp.h>
#include <cmocka.h>

//  A folder of our own, and what was said there last
typedef struct {
    char folder [32];
    char said [8192];
} program_case_t;


static int
s_new (void **state)
{
    program_case_t *self = zmalloc (sizeof (program_case_t));
    snprintf (self->folder, sizeof (self->folder), "/tmp/zherd-XXXXXX");
    assert_non_null (mkdtemp (self->folder));
    *state = self;
    return 0;
}


static int
s_free (void **state)
{
    program_case_t *self = *state;
    zdir_t *folder = zdir_new (self->folder, NULL);
    zdir_remove (folder, true);
    zdir_destroy (&folder);
    free (self);
    return 0;
}


static void
s_write (program_case_t *self, const char *name, const char *text)
{
    char path [128];
    snprintf (path, sizeof (path), "%s/%s", self->folder, name);
    FILE *out = fopen (path, "w");
    assert_non_null (out);
    fputs (text, out);
    fclose (out);
}


static bool
s_exists (program_case_t *self, const char *name)
{
    char path [128];
    snprintf (path, sizeof (path), "%s/%s", self->folder, name);
    return access (path, F_OK) == 0;
}


//  Call it in the folder.  Returns what it exits with.

static int
s_call (program_case_t *self, const char *arguments)
{
    const char *programs = getenv ("HERD_BIN");
    char *folder = realpath (programs ? programs : "build/release", NULL);
    assert_non_null (folder);
    char *command = zsys_sprintf ("cd %s && exec 2>&1 && %s/zherd-places %s",
        self->folder, folder, arguments);
    //  NOLINTNEXTLINE(cert-env33-c): the words are our own
    FILE *stream = popen (command, "r");
    assert_non_null (stream);
    size_t size = fread (self->said, 1, sizeof (self->said) - 1, stream);
    self->said [size] = '\0';
    int status = pclose (stream);
    zstr_free (&command);
    free (folder);
    assert_true (WIFEXITED (status));
    return WEXITSTATUS (status);
}


#define GOOD "1\tA\t1\t1\tPPL\tUS\tCA\t1\n"


static void
an_import_is_named_after_its_file (void **state)
{
    program_case_t *self = *state;
    s_write (self, "a.tsv", GOOD "bad\n");
    assert_int_equal (s_call (self, "--import a.tsv"), 0);
    assert_non_null (strstr (self->said, "a.tsv: line 2: not eight columns"));
    assert_non_null (strstr (self->said, "a.tsv.places: 1 places\n"));
    assert_true (s_exists (self, "a.tsv.places"));
    assert_int_equal (s_call (self, "--import - -o b.places <a.tsv"), 0);
    assert_true (s_exists (self, "b.places"));
    assert_false (s_exists (self, "b.places.part"));
}


static void
a_failed_import_leaves_what_was_there (void **state)
{
    program_case_t *self = *state;
    s_write (self, "bad.tsv", "bad\n");
    s_write (self, "out", "old");
    assert_int_equal (s_call (self, "--import bad.tsv -o out"), 1);
    assert_non_null (strstr (self->said, "no places in it"));
    assert_true (s_exists (self, "out"));
    assert_false (s_exists (self, "out.part"));
    assert_int_equal (s_call (self, "--import missing -o out"), 1);
    assert_non_null (strstr (self->said, "missing: No such file"));
    assert_int_equal (s_call (self, "--import bad.tsv -o no/out"), 1);
}


//  Of a file that is mostly bad it makes nothing, as that is no file of places

static void
an_import_says_what_it_did (void **state)
{
    program_case_t *self = *state;
    s_write (self, "a", GOOD GOOD "bad\n");
    assert_int_equal (s_call (self, "--import a"), 0);
    assert_non_null (strstr (self->said, "a: line 3: not eight columns"));
    assert_non_null (strstr (self->said, "a: 1 bad lines left out\n"));
    assert_non_null (
        strstr (self->said, "a.places: 1 places\na: 1 were there twice\n"));
    s_write (self, "b", GOOD GOOD "bad\nbad\nbad\n");
    assert_int_equal (s_call (self, "--import b"), 1);
    assert_non_null (strstr (
        self->said, "b: more bad lines than good: nothing is made of it\n"));
    assert_false (s_exists (self, "b.places"));
    s_write (self, "c",
        "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\","
        "\"coordinates\":[1,2]},\"properties\":{\"shop\":\"books\","
        "\"name\":\"A\"}}\n"
        "{\"type\":\"Feature\",\"geometry\":null}\n");
    assert_int_equal (s_call (self, "--import c"), 0);
    assert_string_equal (
        self->said, "c.places: 1 places\nc: 1 passed over: no position (1)\n");
    assert_int_equal (s_call (self, "--import c >/dev/full"), 1);
    assert_non_null (strstr (self->said, "No space left on device"));
    assert_int_equal (s_call (self, "--import c >&-"), 1);
}


//  As root, a device would be gone

static void
only_a_file_is_replaced (void **state)
{
    program_case_t *self = *state;
    char path [128];
    s_write (self, "a.tsv", GOOD);
    s_write (self, "old", "old");
    snprintf (path, sizeof (path), "%s/link", self->folder);
    assert_int_equal (symlink ("old", path), 0);
    assert_int_equal (s_call (self, "--import a.tsv -o link"), 1);
    assert_string_equal (
        self->said, "link: is a symbolic link, and not replaced\n");
    snprintf (path, sizeof (path), "%s/fifo", self->folder);
    assert_int_equal (mkfifo (path, 0600), 0);
    assert_int_equal (s_call (self, "--import a.tsv -o fifo"), 1);
    assert_string_equal (self->said, "fifo: is a FIFO, and not replaced\n");
    assert_int_equal (s_call (self, "--import a.tsv -o ."), 1);
    assert_string_equal (self->said, ".: is a folder, and not replaced\n");
    assert_int_equal (s_call (self, "--import a.tsv -o a.tsv"), 1);
    assert_string_equal (
        self->said, "a.tsv: is the file to import, and not replaced\n");
    assert_int_equal (s_call (self, "--import a.tsv -o old"), 0);
    assert_int_equal (s_call (self, "--import a.tsv -o old"), 0);
    assert_int_equal (s_call (self, "old missing"), 1);
    assert_non_null (strstr (self->said, "missing: No such file"));
    snprintf (path, sizeof (path), "%s/a.tsv.places.part", self->folder);
    assert_int_equal (symlink ("old", path), 0);
    assert_int_equal (s_call (self, "--import a.tsv"), 1);
    assert_string_equal (self->said, "a.tsv.places.part: File exists\n");
}


//  A folder's files are opened one after the other: a bad one shows that they
//  were found

static void
a_folder_stands_for_its_files (void **state)
{
    program_case_t *self = *state;
    assert_int_equal (s_call (self, "."), 1);
    assert_non_null (strstr (self->said, "there are no files of places"));
    s_write (self, "notes.txt", "bad\n");
    assert_int_equal (s_call (self, "."), 1);
    assert_non_null (strstr (self->said, "there are no files of places"));
    s_write (self, "bad.tsv", "bad\n");
    assert_int_equal (s_call (self, "."), 1);
    assert_non_null (strstr (self->said, "bad.tsv: no places in it"));
}


static void
a_damaged_file_is_refused (void **state)
{
    program_case_t *self = *state;
    s_write (self, "a.tsv", GOOD);
    assert_int_equal (s_call (self, "--import a.tsv -o a.places"), 0);
    assert_int_equal (s_call (self, "a.places a.tsv missing"), 1);
    assert_non_null (strstr (self->said, "missing: No such file"));
    s_write (self, "a.places", "zherd-places 1\n");
    assert_int_equal (s_call (self, "a.places"), 1);
    assert_non_null (strstr (self->said, "a.places"));
}


static void
s_is_credited (program_case_t *self, const char *name, const char *credit)
{
    char path [128];
    snprintf (path, sizeof (path), "%s/%s", self->folder, name);
    gazetteer_t *gazetteer = gazetteer_new ((const char *[]){path}, 1);
    gazetteer_query_t query = {.at = {10000000, 20000000}, .radius_mm = 1000};
    place_t found;
    assert_non_null (gazetteer);
    assert_int_equal (gazetteer_find (gazetteer, &query, &found, 1), 1);
    assert_string_equal (found.credit.data, credit);
    gazetteer_destroy (&gazetteer);
}


#define CAFE(id)                                                               \
    "{\"type\":\"Feature\"," id "\"geometry\":{\"type\":\"Point\","            \
    "\"coordinates\":[2,1]},\"properties\":{\"amenity\":\"cafe\","             \
    "\"name\":\"A\"}}\n"


//  Data of one's own is one's own to credit

static void
places_are_credited_to_whom_one_says (void **state)
{
    program_case_t *self = *state;
    s_write (self, "own", CAFE (""));
    s_write (self, "osm", CAFE ("\"id\":\"n1\","));
    s_write (self, "table", "#credit\tthem\nname\tlat\tlon\nA\t1\t2\n");
    assert_int_equal (s_call (self, "--import own"), 0);
    s_is_credited (self, "own.places", "");
    assert_int_equal (
        s_call (self, "--import own --credit 'Places by <b>us</b>'"), 0);
    s_is_credited (self, "own.places", "Places by <b>us</b>");
    assert_int_equal (s_call (self, "--import osm --credit us"), 0);
    s_is_credited (self, "osm.places", "us");
    assert_int_equal (s_call (self, "--import table --credit us"), 0);
    s_is_credited (self, "table.places", "us");
    assert_int_equal (s_call (self, "--import table"), 0);
    s_is_credited (self, "table.places", "them");
}


//  What it serves, -h lists

static void
help_lists_every_format (void **state)
{
    static const char *const formats [] = {".places", "*.tsv", "*.tsv.gz",
        "19 columns", "FeatureCollection", "one Feature a line", "GeoJSONL",
        "GeoJSONSeq", "RFC 8142", "gzip", "OpenStreetMap", "All the Places",
        "Overture", "--credit TEXT"};
    program_case_t *self = *state;
    assert_int_equal (s_call (self, "-h"), 0);
    for (size_t index = 0; index < sizeof (formats) / sizeof (*formats);
         index++)
        if (!strstr (self->said, formats [index]))
            fail_msg ("no %s in\n%s", formats [index], self->said);
}


static void
a_wrong_call_shows_the_right_one (void **state)
{
    static const char *const wrong [] = {"", "-L odd a", "-p 0 a", "-a b a",
        "-o x a", "--credit x a", "--import a b", "--import -", "--odd", "-p"};
    program_case_t *self = *state;
    for (size_t index = 0; index < sizeof (wrong) / sizeof (*wrong); index++) {
        assert_int_equal (s_call (self, wrong [index]), 2);
        assert_non_null (strstr (self->said, "usage: zherd-places"));
    }
    assert_int_equal (s_call (self, "-h"), 0);
    assert_int_equal (s_call (self, "--version"), 0);
    assert_memory_equal (self->said, "zherd-places ", 13);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_free)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (an_import_is_named_after_its_file),
        CASE (a_failed_import_leaves_what_was_there),
        CASE (an_import_says_what_it_did),
        CASE (only_a_file_is_replaced),
        CASE (a_folder_stands_for_its_files),
        CASE (a_damaged_file_is_refused),
        CASE (places_are_credited_to_whom_one_says),
        CASE (help_lists_every_format),
        CASE (a_wrong_call_shows_the_right_one),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
