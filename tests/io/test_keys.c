/*  =========================================================================
    test_keys - folders of keys: made, read, changed, refused

    Each case has a folder of its own; what is said of it is kept.
    =========================================================================
*/

#include "keys/keys.h"
#include "keys/keysmith.h"

#include "io/config_case.h"

#include <dirent.h>
#include <sys/stat.h>

static const char *const s_servers [] = {"Alford", "Ball", "Hamilton"};

//  Alford's, whose only peer is Ball
static const char *const s_peers [] = {"Ball"};

#define COPY "copy it from the machine where \"zherd keys\" made it"
#define MISSING "cannot be read: is missing: " COPY
#define UNLISTED                                                               \
    "no line has the key that is in its secret: one of the two is old; " COPY

//  Keys that were read, and whether the last thing done was
static keys_t *s_keys;
static bool s_done;


static void
s_make (config_case_t *self, const char *folder)
{
    (void) self;
    s_done = keysmith_make (folder, s_servers, 3);
}


static void
s_rotate (config_case_t *self, const char *folder)
{
    (void) self;
    s_done = keysmith_rotate (folder, "Ball");
}


static void
s_retire (config_case_t *self, const char *folder)
{
    (void) self;
    s_done = keysmith_retire (folder, "Ball");
}


static void
s_load (config_case_t *self, const char *folder)
{
    (void) self;
    keys_destroy (&s_keys);
    s_keys = keys_new (&(keys_options_t){.folder = folder,
        .server = "Alford",
        .peers = s_peers,
        .peer_count = 1});
    s_done = s_keys != NULL;
}


//  The path of a file in the folder of keys; good until the next

static const char *
s_path (const config_case_t *self, const char *name)
{
    static char path [512];
    snprintf (path, sizeof path, "%s/keys/%s", self->folder, name);
    return path;
}


//  Do it, and see that it is done

static void
s_do (config_case_t *self, void (*act) (config_case_t *, const char *))
{
    char folder [64];
    snprintf (folder, sizeof folder, "%s/keys", self->folder);
    config_case_listen (self, act, folder);
    assert_string_equal (s_done ? "" : self->said, "");
}


//  Do it, and see that it is refused in one line: of the file, or of the folder
//  itself, for the reason

static void
s_fail (config_case_t *self, void (*act) (config_case_t *, const char *),
    const char *name, const char *reason)
{
    char folder [64];
    snprintf (folder, sizeof folder, "%s/keys", self->folder);
    config_case_listen (self, act, folder);
    char *line = zsys_sprintf (
        "zherd: %s%s%s: %s\n", folder, *name ? "/" : "", name, reason);
    assert_string_equal (self->said, line);
    assert_false (s_done);
    zstr_free (&line);
}


//  To be freed

static char *
s_read (const config_case_t *self, const char *name)
{
    zchunk_t *chunk = zchunk_slurp (s_path (self, name), 0);
    assert_non_null (chunk);
    char *text = zchunk_strdup (chunk);
    zchunk_destroy (&chunk);
    return text;
}


static void
s_write (const config_case_t *self, const char *name, const char *text)
{
    config_case_write (s_path (self, name), text, strlen (text), 0600);
}


static unsigned
s_mode (const char *path)
{
    struct stat facts;
    assert_int_equal (lstat (path, &facts), 0);
    return facts.st_mode & 07777;
}


static int
s_set_up (void **state)
{
    int rc = config_case_new (state);
    s_do (*state, s_make);
    return rc;
}


static int
s_tear_down (void **state)
{
    config_case_t *self = *state;
    keys_destroy (&s_keys);
    DIR *folder = opendir (s_path (self, ""));
    struct dirent *entry;
    while (folder && (entry = readdir (folder)))
        if (*entry->d_name != '.')
            unlink (s_path (self, entry->d_name));
    if (folder)
        closedir (folder);
    rmdir (s_path (self, ""));
    return config_case_free (state);
}


static void
secrets_are_for_their_owner_alone (void **state)
{
    assert_int_equal (s_mode (s_path (*state, "")), 0700);
    assert_int_equal (s_mode (s_path (*state, "Alford.secret")), 0600);
    assert_int_equal (s_mode (s_path (*state, "herd.key")), 0600);
    assert_int_equal (s_mode (s_path (*state, "herd.pub")), 0644);
}


static void
a_secret_is_a_certificate (void **state)
{
    zcert_t *cert = zcert_load (s_path (*state, "Alford.secret"));
    assert_non_null (cert);
    s_do (*state, s_load);
    assert_string_equal (zcert_public_txt (cert), keys_public (s_keys));
    assert_string_equal (zcert_secret_txt (cert), keys_secret (s_keys));
    zcert_destroy (&cert);
}


static void
a_server_reads_its_own_pair_and_its_peers_keys (void **state)
{
    config_case_t *self = *state;
    s_do (self, s_load);
    char *roll = s_read (self, "herd.pub");
    const char *ball = keys_of (s_keys, "Ball", 0);
    assert_non_null (ball);
    assert_non_null (strstr (roll, ball));
    assert_string_equal (keys_of (s_keys, "Ball", 1), ball);
    assert_string_equal (keys_owner (s_keys, ball), "Ball");
    assert_true (keys_has (s_keys, "Ball", ball));
    assert_false (keys_has (s_keys, "Hamilton", ball));
    assert_int_equal (strlen (keys_herd (s_keys)), 40);
    //  Nobody else is believed, be it ourselves
    assert_null (keys_of (s_keys, "Hamilton", 0));
    assert_null (keys_owner (s_keys, keys_public (s_keys)));
    zstr_free (&roll);
}


static void
what_is_there_stays (void **state)
{
    config_case_t *self = *state;
    static const char *const names [] = {
        "Alford.secret", "herd.pub", "herd.key"};
    char *before [3];
    for (size_t index = 0; index < 3; index++)
        before [index] = s_read (self, names [index]);
    s_do (self, s_make);
    assert_string_equal (self->said, "");
    for (size_t index = 0; index < 3; index++) {
        char *after = s_read (self, names [index]);
        assert_string_equal (after, before [index]);
        zstr_free (&after);
        zstr_free (&before [index]);
    }
}


//  A machine has the secrets of its own servers alone

static void
a_secret_that_is_elsewhere_is_not_made_here (void **state)
{
    config_case_t *self = *state;
    unlink (s_path (self, "Ball.secret"));
    s_do (self, s_make);
    assert_string_equal (self->said, "");
    assert_int_equal (access (s_path (self, "Ball.secret"), F_OK), -1);
}


static void
a_secret_without_a_line_gets_one (void **state)
{
    config_case_t *self = *state;
    s_do (self, s_load);
    char *key = strdup (keys_public (s_keys));
    unlink (s_path (self, "herd.pub"));
    s_do (self, s_make);
    s_do (self, s_load);
    assert_string_equal (keys_public (s_keys), key);
    free (key);
}


static void
a_herd_key_that_got_lost_is_not_made_anew (void **state)
{
    config_case_t *self = *state;
    unlink (s_path (self, "herd.key"));
    s_fail (self, s_make, "herd.key", MISSING);
}


static void
a_key_is_rotated_while_the_old_one_counts (void **state)
{
    config_case_t *self = *state;
    s_do (self, s_load);
    char *old = strdup (keys_of (s_keys, "Ball", 0));
    char *secret = s_read (self, "Ball.secret");
    s_do (self, s_rotate);
    s_do (self, s_load);
    const char *new = keys_of (s_keys, "Ball", 0);
    assert_string_not_equal (new, old);
    assert_string_equal (keys_of (s_keys, "Ball", 1), old);
    assert_string_equal (keys_of (s_keys, "Ball", 2), new);
    assert_string_equal (keys_owner (s_keys, old), "Ball");
    s_do (self, s_retire);
    assert_non_null (strstr (self->said, "1 old key"));
    s_do (self, s_load);
    assert_null (keys_owner (s_keys, old));
    assert_non_null (keys_of (s_keys, "Ball", 1));
    s_write (self, "Ball.secret", secret);
    s_fail (self, s_rotate, "herd.pub", "line 2: Ball: " UNLISTED);
    zstr_free (&secret);
    free (old);
}


//  Of two rotations in a row, the key that its server may still use is kept

static void
two_keys_are_the_most (void **state)
{
    config_case_t *self = *state;
    s_do (self, s_rotate);
    s_do (self, s_load);
    char *between = strdup (keys_of (s_keys, "Ball", 0));
    s_do (self, s_rotate);
    s_do (self, s_load);
    assert_string_equal (keys_of (s_keys, "Ball", 1), between);
    char *roll = s_read (self, "herd.pub");
    assert_int_equal (strlen (roll), 4 * 42 + 6 + 4 + 4 + 8);
    zstr_free (&roll);
    free (between);
}


static void
files_that_are_open_to_others_are_refused (void **state)
{
    config_case_t *self = *state;
    chmod (s_path (self, "Alford.secret"), 0640);
    s_fail (self, s_load, "Alford.secret",
        "cannot be read: is open to others than its owner (chmod 600 closes "
        "it)");
    chmod (s_path (self, "Alford.secret"), 0600);
    chmod (s_path (self, "herd.key"), 0604);
    s_fail (self, s_load, "herd.key",
        "cannot be read: is open to others than its owner (chmod 600 closes "
        "it)");
    chmod (s_path (self, "herd.key"), 0600);
    chmod (s_path (self, ""), 0750);
    s_fail (self, s_load, "",
        "keys: is open to others than its owner (chmod 700 closes it)");
    chmod (s_path (self, ""), 0700);
    s_do (self, s_load);
}


static void
files_of_another_user_are_refused (void **state)
{
    config_case_t *self = *state;
    if (geteuid () != 0)
        return;  //  Nobody else can give files away
    assert_int_equal (chown (s_path (self, "Alford.secret"), 1, 1), 0);
    s_fail (self, s_load, "Alford.secret",
        "cannot be read: belongs to another user");
    assert_int_equal (chown (s_path (self, "Alford.secret"), 0, 0), 0);
    assert_int_equal (chown (s_path (self, ""), 1, 1), 0);
    s_fail (self, s_load, "", "keys: belongs to another user");
    assert_int_equal (chown (s_path (self, ""), 0, 0), 0);
}


static void
what_is_missing_is_named (void **state)
{
    config_case_t *self = *state;
    static const char *const names [] = {
        "Alford.secret", "herd.key", "herd.pub"};
    for (size_t index = 0; index < 3; index++) {
        char *text = s_read (self, names [index]);
        unlink (s_path (self, names [index]));
        s_fail (self, s_load, names [index], MISSING);
        s_write (self, names [index], text);
        zstr_free (&text);
    }
    s_do (self, s_load);
    unlink (s_path (self, "Ball.secret"));
    s_fail (self, s_rotate, "Ball.secret", MISSING);
}


#define KEY "Ed]lY:D91AjVvNsxA1m3-${%glcEBE}ZOoIHM{14"
#define OTHER "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"

static void
a_bad_line_is_named (void **state)
{
    config_case_t *self = *state;
    static const struct {
        const char *text;
        const char *reason;
    } rows [] = {
        {"Ball\n", "line 1: has no key of 40 letters in Z85 after the name"},
        {"\n \nBall " KEY "x\n",
            "line 3: has no key of 40 letters in Z85 after the name"},
        {"Ball ~d]lY:D91AjVvNsxA1m3-${%glcEBE}ZOoIHM{14\n",
            "line 1: has no key of 40 letters in Z85 after the name"},
        {"Ball #####:D91AjVvNsxA1m3-${%glcEBE}ZOoIHM{14\n",
            "line 1: has no key of 40 letters in Z85 after the name"},
        {"#Ball " KEY "\n", "line 1: does not begin with a server's name"},
        {"Ball " KEY " new\n", "line 1: has more than a name and a key"},
        {"Ball " KEY "\nAlford " KEY "\n",
            "line 2: has a key that another line has"},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        s_write (self, "herd.pub", rows [row].text);
        s_fail (self, s_load, "herd.pub", rows [row].reason);
    }
}


static void
a_server_whose_own_key_is_not_listed_does_not_start (void **state)
{
    config_case_t *self = *state;
    s_write (self, "herd.pub", "Ball " KEY "\n\nAlford " OTHER);
    s_fail (self, s_load, "herd.pub", "line 3: Alford: " UNLISTED);
}


static void
a_peer_without_a_key_is_no_error (void **state)
{
    config_case_t *self = *state;
    s_do (self, s_load);
    char *line = zsys_sprintf ("Alford %s\n", keys_public (s_keys));
    s_write (self, "herd.pub", line);
    s_do (self, s_load);
    assert_null (keys_of (s_keys, "Ball", 0));
    zstr_free (&line);
}


static void
a_bad_secret_is_named (void **state)
{
    config_case_t *self = *state;
    static const struct {
        const char *text;
        const char *reason;
    } rows [] = {
        {"curve\n    public-key = \"x\"\n    secret-key = \"" KEY "\"\n",
            "line 2: curve/public-key: is no key of 40 letters in Z85"},
        {"curve\n    public-key = \"" KEY "\"\n",
            "line 1: curve/secret-key: is no key of 40 letters in Z85"},
        {"curve\n    public-key = \"" KEY "\"\n    secret-key = \"" OTHER
         "\"\n",
            "line 2: curve/public-key: is not that of the secret key"},
        {"curve\n    private-key = \"x\"\n",
            "line 2: curve/private-key: there is no such key"},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        s_write (self, "Alford.secret", rows [row].text);
        s_fail (self, s_load, "Alford.secret", rows [row].reason);
    }
}


static void
a_bad_herd_key_is_named (void **state)
{
    config_case_t *self = *state;
    static const char *const texts [] = {
        "", "\n", KEY, (KEY "x"), "short\n", ("\n" KEY)};
    for (size_t row = 0; row < sizeof texts / sizeof *texts; row++) {
        s_write (self, "herd.key", texts [row]);
        s_fail (
            self, s_load, "herd.key", "line 1: is no key of 40 letters in Z85");
    }
}


static void
what_was_not_finished_is_no_obstacle (void **state)
{
    config_case_t *self = *state;
    s_write (self, "herd.pub.part", "Ba");
    s_do (self, s_rotate);
    s_do (self, s_load);
    assert_int_equal (access (s_path (self, "herd.pub.part"), F_OK), -1);
}


#define KEYS(name) cmocka_unit_test_setup_teardown (name, s_set_up, s_tear_down)


int
main (void)
{
    const struct CMUnitTest tests [] = {
        KEYS (secrets_are_for_their_owner_alone),
        KEYS (a_secret_is_a_certificate),
        KEYS (a_server_reads_its_own_pair_and_its_peers_keys),
        KEYS (what_is_there_stays),
        KEYS (a_secret_that_is_elsewhere_is_not_made_here),
        KEYS (a_secret_without_a_line_gets_one),
        KEYS (a_herd_key_that_got_lost_is_not_made_anew),
        KEYS (a_key_is_rotated_while_the_old_one_counts),
        KEYS (two_keys_are_the_most),
        KEYS (files_that_are_open_to_others_are_refused),
        KEYS (files_of_another_user_are_refused),
        KEYS (what_is_missing_is_named),
        KEYS (a_bad_line_is_named),
        KEYS (a_server_whose_own_key_is_not_listed_does_not_start),
        KEYS (a_peer_without_a_key_is_no_error),
        KEYS (a_bad_secret_is_named),
        KEYS (a_bad_herd_key_is_named),
        KEYS (what_was_not_finished_is_no_obstacle),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
