/*  =========================================================================
    test_zpl - a ZPL file, read strictly

    What is wrong with any file of keys and values, tried on topology files: a
    case writes one, reads it, and compares what was said.
    =========================================================================
*/

#include "io/config_case.h"


static void
a_file_that_cannot_be_read_is_refused (void **state)
{
    config_case_t *self = *state;
    config_case_load (self, "/no/such/file");
    config_case_refused (
        self, "/no/such/file", "cannot be read: No such file or directory");
    config_case_load (self, self->folder);
    config_case_refused (
        self, self->folder, "cannot be read: is not a plain file");

    config_case_write (self->path, "herd\0", 5, 0644);
    config_case_load (self, self->path);
    config_case_refused (self, self->path, "cannot be read: holds a NUL byte");

    char *text = zmalloc (262146);
    memset (text, '\n', 262145);
    config_case_bad (self, text, "cannot be read: is too large");
    free (text);
}


static void
a_fifo_does_not_hang_us (void **state)
{
    config_case_t *self = *state;
    assert_int_equal (mkfifo (self->path, 0644), 0);
    config_case_load (self, self->path);
    config_case_refused (
        self, self->path, "cannot be read: is not a plain file");
}


//  Who looks at the line sees nothing wrong

static void
a_tab_that_indents_is_named_with_its_line (void **state)
{
    const char *tab = "line 2: a tab indents it: indent by 4 spaces a level";
    config_case_bad (*state, "herd\n\tname = test\n", tab);
    config_case_bad (*state, "herd\r\n\t\tname = test\r\n", tab);
    config_case_bad (*state, "herd\n    \tname = test\n", tab);
    config_case_bad (*state, "\xef\xbb\xbfherd\n  \tname = test\n", tab);
    config_case_bad (*state, "herd\n\xc2\xa0\xc2\xa0name = test\n",
        "line 2: a no-break space indents it: indent by 4 spaces a level");
    config_case_good (*state, THREE "\t# a comment\n\t\n");
}


static void
a_byte_order_mark_is_passed_over (void **state)
{
    config_case_good (*state, "\xef\xbb\xbf" THREE);
    config_case_good (*state, "\xef\xbb\xbf#   comment\n" THREE);
    config_case_bad (*state, "\xef\xbb\xbf\xef\xbb\xbf" HERD,
        "line 1: invalid syntax '\xef\xbb\xbfherd'");
}


//  zconfig's own words, but in one line, and with the number of the line

static void
bad_syntax_is_refused (void **state)
{
    config_case_bad (
        *state, "herd\n  name = test\n", "line 2: indent 4 spaces at once");
    config_case_bad (
        *state, "herd\n        name = test\n", "line 2: indentation error");
    config_case_bad (*state, "herd = \"test\n", "line 1: missing \"");
    config_case_bad (
        *state, "herd name\x1b[1m\n", "line 1: invalid syntax 'name?[1m'");
    config_case_bad (
        *state, "/herd\n", "line 1: '/' not valid at name start or end");
}


static void
an_empty_file_is_refused (void **state)
{
    config_case_bad (*state, "", "herd/name: is missing");
}


static void
an_unknown_key_is_refused (void **state)
{
    config_case_bad (
        *state, THREE "colour = red\n", "colour: there is no such key");
    config_case_bad (*state, THREE "limits\n    line_size = 80\n",
        "limits/line_size: there is no such key");
    config_case_bad (*state, THREE "limits/drain_ms = 80\n",
        "limits/drain_ms: there is no such key");
    config_case_bad (*state, THREE "        colour = red\n",
        "servers/Three/colour: there is no such key");
}


//  zconfig keeps both, and would find the first

static void
a_repeated_key_is_refused (void **state)
{
    config_case_bad (
        *state, THREE "herd\n    name = other\n", "herd: is there twice");
    config_case_bad (
        *state, THREE SERVER ("One", "004"), "servers/One: is there twice");
    config_case_bad (*state, THREE "        admin = 127.0.0.1:4000\n",
        "servers/Three/admin: is there twice");
    config_case_bad (*state, THREE "links\n    One = Two\n    One = Three\n",
        "links/One: is there twice");
}


static void
a_section_has_no_value_and_a_value_no_keys (void **state)
{
    config_case_bad (
        *state, "herd = test\n", "herd: is a section and takes no value");
    config_case_bad (*state, "herd\n    name = test\n        first = t\n",
        "herd/name: takes a value and is no section");
}


//  Both ends of a range, and everything that is no number

static void
a_number_out_of_its_range_is_refused (void **state)
{
    static const char *texts [] = {"63", "65537", "0", "-64", "+64", "64.0",
        "1e3", "0x40", "6 4", "64k", "18446744073709551680", "\"\""};
    for (size_t at = 0; at < sizeof texts / sizeof texts [0]; at++) {
        char *text =
            zsys_sprintf (THREE "limits\n    line_size_max = %s\n", texts [at]);
        config_case_bad (*state, text,
            "limits/line_size_max: must be a number from 64 to 65536");
        zstr_free (&text);
    }
    config_case_bad (*state, PLACES "    timeout_ms = 60001\n",
        "places/timeout_ms: must be a number from 50 to 60000");
    config_case_bad (*state, THREE "mesh\n    reconnect_ms = 9\n",
        "mesh/reconnect_ms: must be a number from 10 to 60000");
}


//  By the path: the same name may be elsewhere, and behind a number sign

static void
what_is_wrong_is_named_with_its_line (void **state)
{
    config_case_bad (*state,
        THREE "#mesh\nmesh\n    # reconnect_ms = 9\n\n    reconnect_ms = 9\n",
        "line 20: mesh/reconnect_ms: must be a number from 10 to 60000");
    config_case_bad (*state, "\xef\xbb\xbfherd\r\n    nam = test\r\n",
        "line 2: herd/nam: there is no such key");
    config_case_bad (*state, "herd\n    name = a\n    name = a\n",
        "line 3: herd/name: is there twice");
    config_case_bad (*state, "herd\n    name = a\nservers\n    A\n",
        "line 4: servers/A/clients: is missing");
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (a_file_that_cannot_be_read_is_refused),
        CASE (a_fifo_does_not_hang_us),
        CASE (a_tab_that_indents_is_named_with_its_line),
        CASE (a_byte_order_mark_is_passed_over),
        CASE (bad_syntax_is_refused),
        CASE (an_empty_file_is_refused),
        CASE (an_unknown_key_is_refused),
        CASE (a_repeated_key_is_refused),
        CASE (a_section_has_no_value_and_a_value_no_keys),
        CASE (a_number_out_of_its_range_is_refused),
        CASE (what_is_wrong_is_named_with_its_line),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
