/*  =========================================================================
    test_provider - whom we ask for places, and by which key

    What may stand in the section places, and where the key may come from; and
    that no message shows a key.
    =========================================================================
*/

#include "io/config_case.h"


static void
a_url_is_http_or_https (void **state)
{
    static const char *cases [][2] = {
        {"ftp://127.0.0.1/", "must begin with http:// or https://"},
        {"127.0.0.1:14000", "must begin with http:// or https://"},
        {"", "must begin with http:// or https://"},
        {"https://", "is no URL"},
        {"https://host:99999/", "is no URL"},
        {"https://two words/", "is no URL"},
        {"https://host/nearby?key=" SECRET,
            "must have no user, query or fragment"},
        {"https://me:" SECRET "@host/", "must have no user, query or fragment"},
    };
    for (size_t at = 0; at < sizeof cases / sizeof cases [0]; at++) {
        char *text =
            zsys_sprintf (THREE "places\n    url = %s\n", cases [at][0]);
        char *reason = zsys_sprintf ("places/url: %s", cases [at][1]);
        config_case_bad (*state, text, reason);
        zstr_free (&text);
        zstr_free (&reason);
    }
}


static void
http_stays_on_this_machine_unless_allowed (void **state)
{
#define FAR_URL THREE "places\n    url = http://"
    static const char *reason =
        "places/url: sends locations unencrypted: use https, or say "
        "allow_http = yes";
    config_case_bad (*state, FAR_URL "maps.example/\n", reason);
    config_case_bad (*state, FAR_URL "127.0.0.1.example/\n", reason);
    config_case_bad (*state, FAR_URL "localhost.example/\n", reason);
    config_case_bad (
        *state, FAR_URL "10.127.0.1/\n    allow_http = no\n", reason);
    config_case_bad (*state, FAR_URL "126.255.255.255/\n", reason);
    config_case_bad (*state, FAR_URL "128.0.0.1/\n", reason);
    config_case_bad (*state, FAR_URL "255.0.0.127/\n", reason);
    config_case_bad (*state, FAR_URL "maps.example/\n    allow_http = maybe\n",
        "places/allow_http: must be yes or no");
    config_case_good (*state, FAR_URL "maps.example/\n    allow_http = yes\n");
    config_case_good (*state, FAR_URL "localhost:1/\n");
    config_case_good (*state, FAR_URL "127.9.9.9/\n");
    config_case_good (*state, FAR_URL "[::1]:1/\n");
    config_case_good (
        *state, THREE "places\n    url = https://maps.example/\n");
}


//  Write a key file beside the topology and load both

static void
s_load_key (config_case_t *self, const char *key, mode_t mode)
{
    char *path = zsys_sprintf ("%s/key", self->folder);
    char *text = zsys_sprintf (PLACES "    key_file = %s\n", path);
    config_case_write (path, key, strlen (key), mode);
    config_case_read (self, text);
    unlink (path);
    zstr_free (&text);
    zstr_free (&path);
}


static void
the_key_comes_from_a_closed_file (void **state)
{
    config_case_t *self = *state;
    s_load_key (self, SECRET "\n", 0600);
    assert_string_equal (self->said, "");
    assert_non_null (self->config);
    assert_string_equal (self->config->places.key, SECRET);

    s_load_key (self, SECRET, 0640);
    config_case_refused (self, self->path,
        "places/key_file: is open to others than its owner (chmod 600 closes "
        "it)");
    config_case_bad (self, PLACES "    key_file = key\n",
        "places/key_file: is not an absolute path");
    config_case_bad (self, PLACES "    key_file = /no/such/file\n",
        "places/key_file: No such file or directory");
}


static void
the_environment_s_key_comes_first (void **state)
{
    setenv ("PLACES_API_KEY", SECRET, 1);
    config_t *config =
        config_case_good (*state, PLACES "    key_file = /no/such/file\n");
    assert_string_equal (config->places.key, SECRET);
    assert_null (getenv ("PLACES_API_KEY"));
    setenv ("PLACES_API_KEY", SECRET, 1);
    config = config_case_good (*state, THREE);
    assert_null (config->places.key);
    assert_null (getenv ("PLACES_API_KEY"));
    setenv ("PLACES_API_KEY", "", 1);
    config = config_case_good (*state, PLACES);
    assert_null (config->places.key);
}


//  It becomes part of a request, where a blank would end something; and what
//  it is stays unsaid

static void
an_unfit_key_is_refused_and_not_shown (void **state)
{
    static const char *reason =
        ": the key is not 1 to 256 printable ASCII characters without blanks";
    static const char *keys [] = {SECRET " ", SECRET "\n\n", "\t" SECRET,
        SECRET "\x7f", SECRET "\xc3\xa9", " "};
    config_case_t *self = *state;
    for (size_t at = 0; at < sizeof keys / sizeof keys [0]; at++) {
        char *line = zsys_sprintf ("PLACES_API_KEY%s", reason);
        setenv ("PLACES_API_KEY", keys [at], 1);
        config_case_bad (self, PLACES, line);
        zstr_free (&line);

        unsetenv ("PLACES_API_KEY");
        line = zsys_sprintf ("places/key_file%s", reason);
        s_load_key (self, keys [at], 0600);
        config_case_refused (self, self->path, line);
        zstr_free (&line);
    }
    s_load_key (self, "", 0600);
    assert_null (self->config);
}


static void
a_provider_is_one_of_three (void **state)
{
    static const char *const names [] = {
        "nearby-legacy", "google-new", "overpass"};
    static const char *const wrong [] = {"google", "Overpass", "", "nearby"};
    config_t *config = config_case_good (*state, PLACES);
    assert_string_equal (config->places.provider, "nearby-legacy");
    for (size_t at = 0; at < 3; at++) {
        char *text = zsys_sprintf (PLACES "    provider = %s\n", names [at]);
        config = config_case_good (*state, text);
        assert_string_equal (config->places.provider, names [at]);
        zstr_free (&text);
    }
    for (size_t at = 0; at < 4; at++) {
        char *text = zsys_sprintf (PLACES "    provider = %s\n", wrong [at]);
        config_case_bad (*state, text,
            "places/provider: must be nearby-legacy, google-new or overpass");
        zstr_free (&text);
    }
}


//  The cheap ones, if nothing is said

static void
google_s_fields_are_cheap_or_all (void **state)
{
#define NO_FIELDS "places/google_fields: must be pro or full"
    assert_false (config_case_good (*state, PLACES)->places.full);
    assert_false (config_case_good (*state, PLACES "    google_fields = pro\n")
                      ->places.full);
    assert_true (config_case_good (*state, PLACES "    google_fields = full\n")
                     ->places.full);
    config_case_bad (*state, PLACES "    google_fields = all\n", NO_FIELDS);
    config_case_bad (*state, PLACES "    google_fields =\n", NO_FIELDS);
}


//  Google's terms forbid it; whose host it is, capitals do not hide

static void
google_s_answers_are_not_kept (void **state)
{
    static const char *reason = "places/cache_seconds: must be 0: Google's "
                                "terms do not allow keeping its answers";
#define AT_GOOGLE(host) THREE "places\n    url = https://" host "/ask\n"
#define KEEP "    cache_seconds = 1\n"
    config_case_bad (*state, PLACES "    provider = google-new\n" KEEP, reason);
    config_case_bad (*state, AT_GOOGLE ("maps.googleapis.com") KEEP, reason);
    config_case_bad (*state, AT_GOOGLE ("Maps.GoogleAPIs.COM") KEEP, reason);
    config_case_good (*state, AT_GOOGLE ("maps.googleapis.com"));
    config_case_good (
        *state, AT_GOOGLE ("maps.googleapis.com") "    cache_seconds = 0\n");
    config_case_good (*state, PLACES "    provider = overpass\n" KEEP);
    config_case_good (*state, PLACES KEEP);
}


int
main (void)
{
    const struct CMUnitTest cases [] = {
        CASE (a_url_is_http_or_https),
        CASE (http_stays_on_this_machine_unless_allowed),
        CASE (the_key_comes_from_a_closed_file),
        CASE (the_environment_s_key_comes_first),
        CASE (an_unfit_key_is_refused_and_not_shown),
        CASE (a_provider_is_one_of_three),
        CASE (google_s_fields_are_cheap_or_all),
        CASE (google_s_answers_are_not_kept),
    };
    return cmocka_run_group_tests (cases, NULL, NULL);
}
