/*  =========================================================================
    test_replace - puts a new file in the place of an old one
    =========================================================================
*/

#include "log/replace.h"

#include <czmq.h>
#include <sys/un.h>

#include <setjmp.h>
#include <cmocka.h>

//  Where each case is, in a folder of its own
static char s_folder [32];


static int
s_new (void **state)
{
    (void) state;
    snprintf (s_folder, sizeof (s_folder), "/tmp/zherd-XXXXXX");
    assert_non_null (mkdtemp (s_folder));
    assert_int_equal (chdir (s_folder), 0);
    return 0;
}


static int
s_free (void **state)
{
    (void) state;
    assert_int_equal (chdir ("/"), 0);
    zdir_t *folder = zdir_new (s_folder, NULL);
    zdir_remove (folder, true);
    zdir_destroy (&folder);
    return 0;
}


static void
s_write (const char *name, const char *text)
{
    FILE *out = fopen (name, "w");
    assert_non_null (out);
    fputs (text, out);
    fclose (out);
}


static void
s_holds (const char *name, const char *text)
{
    char found [16] = "";
    FILE *in = fopen (name, "r");
    assert_non_null (in);
    assert_non_null (fgets (found, sizeof (found), in));
    fclose (in);
    assert_string_equal (found, text);
}


static void
a_file_is_replaced_or_made (void **state)
{
    (void) state;
    s_write ("new", "1");
    assert_null (replace_obstacle ("there"));
    assert_int_equal (replace_file ("new", "there"), 0);
    s_write ("new", "2");
    assert_null (replace_obstacle ("there"));
    assert_int_equal (replace_file ("new", "there"), 0);
    s_holds ("there", "2");
    assert_int_equal (access ("new", F_OK), -1);
}


static void
s_stays (const char *what)
{
    struct stat before;
    struct stat after;
    s_write ("new", "1");
    assert_string_equal (replace_obstacle ("there"), what);
    assert_int_equal (lstat ("there", &before), 0);
    assert_int_equal (replace_file ("new", "there"), -1);
    assert_int_equal (errno, EEXIST);
    assert_int_equal (replace_begin ("there"), -1);
    assert_int_equal (errno, EEXIST);
    assert_int_equal (lstat ("there", &after), 0);
    assert_int_equal (before.st_ino, after.st_ino);
    assert_int_equal (before.st_mode, after.st_mode);
    s_holds ("new", "1");
    assert_int_equal (remove ("there"), 0);
}


static void
what_is_no_file_is_never_replaced (void **state)
{
    (void) state;
    s_write ("old", "0");
    assert_int_equal (symlink ("old", "there"), 0);
    s_stays ("a symbolic link");
    s_holds ("old", "0");
    assert_int_equal (symlink ("nothing", "there"), 0);
    s_stays ("a symbolic link");
    assert_int_equal (access ("nothing", F_OK), -1);
    assert_int_equal (mkfifo ("there", 0600), 0);
    s_stays ("a FIFO");
    assert_int_equal (mkdir ("there", 0700), 0);
    s_stays ("a folder");
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "there"};
    int handle = socket (AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal (
        bind (handle, (struct sockaddr *) &address, sizeof (address)), 0);
    s_stays ("a socket");
    close (handle);
    assert_string_equal (replace_obstacle ("/dev/null"), "a device");
}


//  Whoever has the old one open or linked keeps it

static void
what_was_not_finished_is_begun_anew (void **state)
{
    (void) state;
    s_write ("part", "0");
    assert_int_equal (link ("part", "other"), 0);
    int fd = replace_begin ("part");
    assert_true (fd >= 0);
    assert_int_equal (write (fd, "1", 1), 1);
    assert_int_equal (replace_end (fd, "part", "there"), 0);
    close (fd);
    s_holds ("there", "1");
    s_holds ("other", "0");
    assert_int_equal (access ("part", F_OK), -1);
}


static void
of_two_who_begin_the_last_ends (void **state)
{
    (void) state;
    int one = replace_begin ("part");
    int other = replace_begin ("part");
    assert_int_equal (write (one, "1", 1), 1);
    assert_int_equal (write (other, "2", 1), 1);
    assert_int_equal (replace_end (one, "part", "there"), -1);
    assert_int_equal (errno, ESTALE);
    replace_give_up (one, "part");
    assert_int_equal (replace_end (other, "part", "there"), 0);
    close (one);
    close (other);
    s_holds ("there", "2");
}


static void
what_is_given_up_is_gone (void **state)
{
    (void) state;
    int fd = replace_begin ("part");
    assert_int_equal (access ("part", F_OK), 0);
    replace_give_up (fd, "part");
    close (fd);
    assert_int_equal (access ("part", F_OK), -1);
}


#define CASE(name) cmocka_unit_test_setup_teardown (name, s_new, s_free)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_file_is_replaced_or_made),
        CASE (what_is_no_file_is_never_replaced),
        CASE (what_was_not_finished_is_begun_anew),
        CASE (of_two_who_begin_the_last_ends),
        CASE (what_is_given_up_is_gone),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
