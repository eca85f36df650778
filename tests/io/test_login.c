/*  =========================================================================
    test_login - as whom a broker is used
    =========================================================================
*/

#include "unit/spans.h"

#include "mqtt/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>


//  Read a file of that text and mode

static const char *
s_read (login_t *login, const char *text, mode_t mode)
{
    char file [] = "/tmp/zherd-login.XXXXXX";
    int fd = mkstemp (file);
    assert_true (fd >= 0);
    assert_int_equal (write (fd, text, strlen (text)), strlen (text));
    assert_int_equal (fchmod (fd, mode), 0);
    close (fd);
    const char *wrong = login_read (login, file);
    unlink (file);
    return wrong;
}


static void
a_line_has_user_and_password (void **state)
{
    static const char *const texts [] = {
        "jane:a:b c", "jane:a:b c\n", "jane:a:b c\r\n"};
    login_t login;
    (void) state;
    for (size_t index = 0; index < COUNT (texts); index++) {
        assert_null (s_read (&login, texts [index], 0600));
        assert_string_equal (login.user, "jane");
        assert_string_equal (login.password, "a:b c");
    }
    assert_null (s_read (&login, "jane:", 0400));
    assert_string_equal (login.password, "");
}


static void
anything_else_is_refused (void **state)
{
    char text [2 * LOGIN_SIZE_MAX + 3];
    login_t login;
    (void) state;
    assert_string_equal (s_read (&login, "", 0600), "is not USER:PASSWORD");
    assert_string_equal (s_read (&login, ":x", 0600), "is not USER:PASSWORD");
    assert_string_equal (s_read (&login, "jane", 0600), "is not USER:PASSWORD");
    assert_string_equal (
        s_read (&login, "jane:x\ny", 0600), "has more than one line");
    memset (text, 'x', sizeof (text));
    text [1] = ':';
    text [2 + LOGIN_SIZE_MAX] = '\0';
    assert_null (s_read (&login, text, 0600));
    text [2 + LOGIN_SIZE_MAX] = 'x';
    text [3 + LOGIN_SIZE_MAX] = '\0';
    assert_string_equal (s_read (&login, text, 0600),
        "has a user or a password of more than 255 bytes");
    assert_non_null (login_read (&login, "/nowhere/at/all"));
}


static void
a_file_that_others_can_read_is_refused (void **state)
{
    login_t login;
    (void) state;
    assert_non_null (s_read (&login, "jane:x", 0640));
    assert_non_null (s_read (&login, "jane:x", 0604));
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        cmocka_unit_test (a_line_has_user_and_password),
        cmocka_unit_test (anything_else_is_refused),
        cmocka_unit_test (a_file_that_others_can_read_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
