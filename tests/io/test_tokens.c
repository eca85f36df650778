/*  =========================================================================
    test_tokens - who may use the HTTP port, and the file that says so
    =========================================================================
*/

#include "io/config_case.h"
#include "tokens/mint.h"
#include "tokens/tokens.h"
#include "web/gate.h"

#include <sodium.h>
#include <sys/stat.h>


//  The hash of a secret, as the file has it, good until the third next

static const char *
s_hash (const char *secret)
{
    static char texts [3][TOKENS_HASH_TEXT_SIZE];
    static size_t next;
    unsigned char hash [TOKENS_HASH_SIZE];
    char *text = texts [next++ % 3];
    tokens_hash (span_of (secret), hash);
    return sodium_bin2hex (text, TOKENS_HASH_TEXT_SIZE, hash, sizeof (hash));
}


static void
s_write (config_case_t *self, const char *text)
{
    config_case_write (self->path, text, strlen (text), 0600);
}


static void
s_write_three (config_case_t *self)
{
    char text [1024];
    snprintf (text, sizeof (text),
        "#  A comment\n\njane write %s owntracks/jane/\nall  write\t%s\n"
        "map read %s\n",
        s_hash ("one"), s_hash ("two"), s_hash ("three"));
    s_write (self, text);
}


static void
a_token_is_found_by_its_secret (void **state)
{
    config_case_t *self = *state;
    s_write_three (self);
    tokens_t *tokens = tokens_new (self->path);
    assert_non_null (tokens);
    assert_int_equal (tokens_count (tokens), 3);
    assert_int_equal (tokens_find (tokens, span_of (""), span_of ("one")), 0);
    assert_int_equal (tokens_find (tokens, span_of (""), span_of ("three")), 2);
    assert_int_equal (
        tokens_find (tokens, span_of ("map"), span_of ("three")), 2);
    assert_int_equal (
        tokens_find (tokens, span_of ("all"), span_of ("three")), -1);
    assert_int_equal (tokens_find (tokens, span_of (""), span_of ("on")), -1);
    assert_int_equal (tokens_find (tokens, span_of (""), span_of ("")), -1);
    assert_int_equal (
        tokens_find (tokens, span_of (""), span_of (s_hash ("one"))), -1);
    tokens_destroy (&tokens);
}


static void
a_token_writes_below_its_prefix (void **state)
{
    config_case_t *self = *state;
    s_write_three (self);
    tokens_t *tokens = tokens_new (self->path);
    const token_t *jane = tokens_at (tokens, 0);
    assert_true (tokens_permits (jane, span_of ("owntracks/jane/phone")));
    assert_true (tokens_permits (jane, span_of ("owntracks/jane/")));
    assert_false (tokens_permits (jane, span_of ("owntracks/jane")));
    assert_false (tokens_permits (jane, span_of ("owntracks/janet/phone")));
    assert_false (tokens_permits (jane, span_of ("x")));
    assert_true (tokens_permits (tokens_at (tokens, 1), span_of ("x")));
    assert_false (tokens_permits (tokens_at (tokens, 2), span_of ("x")));
    tokens_destroy (&tokens);
}


static void
s_load (config_case_t *self, const char *path)
{
    (void) self;
    tokens_t *tokens = tokens_new (path);
    assert_null (tokens);
}


//  Each is refused with a line that says where and why

static void
a_file_that_is_wrong_is_refused (void **state)
{
    config_case_t *self = *state;
    static const struct {
        const char *format;
        const char *reason;
    } rows [] = {
        {"a read %s\n-b read %s\n", "line 2: begins with no name"},
        {"a read %s\na write %s\n", "line 2: has a name that is there twice"},
        {"a %s\n", "line 1: says neither read nor write"},
        {"a READ %s\n", "line 1: says neither read nor write"},
        {"a read\n", "line 1: has no hash of 64 hexadecimal digits"},
        {"a read 12%s\n", "line 1: has no hash of 64 hexadecimal digits"},
        {"a read x\n", "line 1: has no hash of 64 hexadecimal digits"},
        {"a read %s b\n",
            "line 1: has a word too many, or one that is too long"},
        {"a write %s b c\n",
            "line 1: has a word too many, or one that is too long"},
    };
    for (size_t index = 0; index < sizeof (rows) / sizeof (*rows); index++) {
        char text [512];
        char expected [512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf (text, sizeof (text), rows [index].format, s_hash ("one"),
            s_hash ("two"));
#pragma GCC diagnostic pop
        s_write (self, text);
        config_case_listen (self, s_load, self->path);
        snprintf (expected, sizeof (expected), "zherd: %s: %s\n", self->path,
            rows [index].reason);
        assert_string_equal (self->said, expected);
    }
}


static void
a_file_is_closed_to_others (void **state)
{
    config_case_t *self = *state;
    config_case_write (self->path, "", 0, 0640);
    config_case_listen (self, s_load, self->path);
    assert_non_null (strstr (self->said, "cannot be read"));
    chmod (self->path, 0600);
    tokens_t *tokens = tokens_new (self->path);
    assert_non_null (tokens);
    assert_int_equal (tokens_count (tokens), 0);
    tokens_destroy (&tokens);
}


static void
s_add (config_case_t *self, const char *path)
{
    (void) self;
    assert_true (mint_add (path, "jane", true, "owntracks/jane/"));
}


static void
s_list (config_case_t *self, const char *path)
{
    (void) self;
    assert_true (mint_list (path));
}


//  Its secret is said once, and is in no file

static void
a_token_is_made_listed_and_removed (void **state)
{
    config_case_t *self = *state;
    struct stat facts;
    unlink (self->path);
    config_case_listen (self, s_add, self->path);
    span_t rest = span_of (self->said);
    span_t secret = span_until (&rest, '\n');
    assert_int_equal (secret.size, 43);
    assert_int_equal (rest.size, 0);
    assert_int_equal (stat (self->path, &facts), 0);
    assert_int_equal (facts.st_mode & 0777, 0600);
    tokens_t *tokens = tokens_new (self->path);
    assert_int_equal (tokens_find (tokens, span_of ("jane"), secret), 0);
    tokens_destroy (&tokens);
    assert_true (mint_add (self->path, "map", false, NULL));
    config_case_listen (self, s_list, self->path);
    assert_string_equal (
        self->said, "jane\twrite\towntracks/jane/\nmap\tread\t\n");
    assert_true (mint_remove (self->path, "jane"));
    config_case_listen (self, s_list, self->path);
    assert_string_equal (self->said, "map\tread\t\n");
}


static void
s_fail (config_case_t *self, const char *path)
{
    (void) self;
    assert_false (mint_add (path, "jane", false, NULL));
    assert_false (mint_remove (path, "nobody"));
    assert_false (mint_add (path, "a b", false, NULL));
    assert_false (mint_add (path, "c", true, "a b"));
}


static void
what_cannot_be_done_changes_nothing (void **state)
{
    config_case_t *self = *state;
    s_write_three (self);
    config_case_listen (self, s_fail, self->path);
    assert_non_null (strstr (self->said, ": jane: is there already\n"));
    assert_non_null (strstr (self->said, ": nobody: there is no such token\n"));
    assert_non_null (strstr (self->said, ": c: no ID begins with that\n"));
    tokens_t *tokens = tokens_new (self->path);
    assert_int_equal (tokens_count (tokens), 3);
    tokens_destroy (&tokens);
}


//  What a request with these gets: 0, it may

static unsigned
s_try (const gate_t *gate, gate_right_t right, const char *authorization,
    const char *query)
{
    exchange_request_t request = {
        .authorization = authorization, .query = span_of (query)};
    exchange_response_t response = {.status = 0};
    bool stopped = gate_stops (gate, &request, right, true, &response);
    assert_int_equal (stopped, response.status != 0);
    assert_int_equal (response.status == 401, response.challenge != NULL);
    free (response.text);
    return response.status;
}


static void
a_request_needs_a_token_with_the_right (void **state)
{
    config_case_t *self = *state;
    static const struct {
        gate_right_t right;
        const char *authorization;
        const char *query;
        unsigned status;
    } rows [] = {
        {GATE_NOTHING, NULL, "", 0},
        {GATE_SAY, NULL, "", 401},
        {GATE_SAY, "Bearer one", "", 0},
        {GATE_SAY, "bearer one", "", 0},
        {GATE_SAY, "Bearer one ", "", 401},
        {GATE_SAY, "Bearer ", "", 401},
        {GATE_SAY, "Bearer four", "token=one", 401},
        {GATE_SAY, "Digest one", "", 401},
        {GATE_SAY, "Bearer three", "", 403},
        {GATE_ASK, "Bearer three", "", 0},
        {GATE_ASK, "Bearer one", "", 403},
        {GATE_SAY, "Basic amFuZTpvbmU=", "", 0},
        {GATE_SAY, "Basic YWxsOm9uZQ==", "", 401},
        {GATE_SAY, "Basic Om9uZQ==", "", 401},
        {GATE_SAY, "Basic ???", "", 401},
        {GATE_SAY, NULL, "id=a&token=one&lat=1", 0},
        {GATE_SAY, NULL, "id=a&token=four", 401},
    };
    s_write_three (self);
    gate_t *gate = gate_new (
        &(gate_options_t){.server = "A", .host = "b", .tokens = self->path});
    assert_non_null (gate);
    for (size_t index = 0; index < sizeof (rows) / sizeof (*rows); index++) {
        unsigned status = s_try (gate, rows [index].right,
            rows [index].authorization, rows [index].query);
        if (status != rows [index].status)
            fail_msg ("row %zu: %u", index, status);
    }
    gate_destroy (&gate);
}


//  A file that is wrong lets nobody in who was not, nor out who was

static void
a_token_that_is_removed_is_out_at_once (void **state)
{
    config_case_t *self = *state;
    s_write_three (self);
    gate_t *gate = gate_new (
        &(gate_options_t){.server = "A", .host = "b", .tokens = self->path});
    assert_int_equal (s_try (gate, GATE_SAY, "Bearer one", ""), 0);
    assert_true (mint_remove (self->path, "jane"));
    assert_int_equal (s_try (gate, GATE_SAY, "Bearer one", ""), 0);
    assert_true (gate_reload (gate));
    assert_int_equal (s_try (gate, GATE_SAY, "Bearer one", ""), 401);
    assert_int_equal (s_try (gate, GATE_SAY, "Bearer two", ""), 0);
    s_write (self, "nonsense\n");
    assert_false (gate_reload (gate));
    assert_int_equal (s_try (gate, GATE_SAY, "Bearer two", ""), 0);
    gate_destroy (&gate);
}


static void
a_token_has_its_share_of_a_minute (void **state)
{
    config_case_t *self = *state;
    exchange_request_t request = {
        .authorization = "Bearer three", .query = span_of ("")};
    exchange_response_t response = {.status = 0};
    s_write_three (self);
    gate_t *gate = gate_new (&(gate_options_t){
        .server = "A", .host = "b", .tokens = self->path, .per_minute = 3});
    for (uint32_t count = 0; count < 3; count++) {
        address_t from = address_of_v4 (count);
        assert_false (gate_is_over (gate, &request, &from, 60000, &response));
    }
    address_t from = address_of_v4 (99);
    assert_true (gate_is_over (gate, &request, &from, 60000, &response));
    assert_int_equal (response.status, 429);
    free (response.text);
    request.authorization = "Bearer one";
    assert_false (gate_is_over (gate, &request, &from, 60000, &response));
    gate_destroy (&gate);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (a_token_is_found_by_its_secret),
        CASE (a_token_writes_below_its_prefix),
        CASE (a_file_that_is_wrong_is_refused),
        CASE (a_file_is_closed_to_others),
        CASE (a_token_is_made_listed_and_removed),
        CASE (what_cannot_be_done_changes_nothing),
        CASE (a_request_needs_a_token_with_the_right),
        CASE (a_token_that_is_removed_is_out_at_once),
        CASE (a_token_has_its_share_of_a_minute),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
