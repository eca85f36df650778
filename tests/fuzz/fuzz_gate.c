/*  =========================================================================
    fuzz_gate - who is let in has shown what it takes

    Whatever headers say, nobody has a token whose secret is not there, and
    nobody but a proxy says whom a request is from.  The input's first byte
    chooses between a file of tokens, and lines for the address that a request
    is from, Host, Origin, X-Forwarded-For, Authorization and the query; an
    empty line is no header.
    =========================================================================
*/

#include "web/gate.h"

#include <assert.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium/utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define LINES 6
#define LINE_SIZE 512

//  Two tokens, as short as a fuzzer needs them
#define WRITER "k1"
#define READER "k2"


//  Make a file that is ours alone, and name it

static int
s_file (span_t text, char name [64])
{
    int fd = memfd_create ("tokens", MFD_CLOEXEC);
    assert (fd >= 0);
    int rc = fchmod (fd, S_IRUSR | S_IWUSR);
    assert (rc == 0);
    ssize_t written = write (fd, text.data, text.size);
    assert (written == (ssize_t) text.size);
    snprintf (name, 64, "/proc/self/fd/%d", fd);
    return fd;
}


//  Read the tokens; what is wrong with them is said to nobody

static tokens_t *
s_read_quietly (const char *name)
{
    int told = dup (STDERR_FILENO);
    int nowhere = open ("/dev/null", O_WRONLY | O_CLOEXEC);
    assert (told >= 0 && nowhere >= 0);
    dup2 (nowhere, STDERR_FILENO);
    tokens_t *tokens = tokens_new (name);
    dup2 (told, STDERR_FILENO);
    close (told);
    close (nowhere);
    return tokens;
}


static void
s_try_file (span_t text)
{
    char name [64];
    int fd = s_file (text, name);
    tokens_t *tokens = s_read_quietly (name);
    close (fd);
    if (!tokens)
        return;
    assert (tokens_count (tokens) <= TOKENS_MAX);
    for (size_t index = 0; index < tokens_count (tokens); index++) {
        const token_t *token = tokens_at (tokens, index);
        assert (span_is_name (span_of (token->name)));
        assert (strlen (token->prefix) <= TOKENS_PREFIX_SIZE_MAX);
        assert (token->writes || !*token->prefix);
        assert (
            tokens_permits (token, span_of (token->prefix)) == token->writes);
    }
    tokens_destroy (&tokens);
}


static gate_t *
s_gate (void)
{
    unsigned char hash [TOKENS_HASH_SIZE];
    char hex [2][TOKENS_HASH_TEXT_SIZE];
    char text [512];
    char name [64];
    tokens_hash (span_of (WRITER), hash);
    sodium_bin2hex (hex [0], sizeof (hex [0]), hash, sizeof (hash));
    tokens_hash (span_of (READER), hash);
    sodium_bin2hex (hex [1], sizeof (hex [1]), hash, sizeof (hash));
    snprintf (text, sizeof (text), "jane write %s jane/\nmap read %s\n",
        hex [0], hex [1]);
    int fd = s_file (span_of (text), name);
    gate_t *gate = gate_new (&(gate_options_t){.server = "Alford",
        .host = "found.example",
        .hosts = "herd.example",
        .origins = "https://map.example",
        .proxies = "127.0.0.1 ::1",
        .per_minute = 3,
        .tokens = name});
    close (fd);
    assert (gate);
    return gate;
}


//  Return true if the text has the secret in it, as it is or in base64

static bool
s_has (const char *text, const char *secret)
{
    unsigned char said [LINE_SIZE];
    size_t size = 0;
    if (strstr (text, secret))
        return true;
    const char *encoded = strchr (text, ' ');
    return encoded &&
           sodium_base642bin (said, sizeof (said), encoded + 1,
               strlen (encoded + 1), NULL, &size, NULL,
               sodium_base64_VARIANT_ORIGINAL) == 0 &&
           memmem (said, size, secret, strlen (secret));
}


static void
s_check_response (exchange_response_t *response, bool refused)
{
    assert (refused == (response->status >= 400));
    if (refused) {
        json_t *json = json_loadb (response->text, response->size, 0, NULL);
        assert (json);
        json_decref (json);
    }
    free (response->text);
    *response = (exchange_response_t){.status = 0};
}


static void
s_check_token (const gate_t *gate, const exchange_request_t *request,
    const char *authorization, const char *query)
{
    exchange_response_t response = {.status = 0};
    const token_t *token = gate_token (gate, request);
    if (token) {
        const char *secret = token->writes ? WRITER : READER;
        assert (s_has (authorization, secret) || strstr (query, secret));
    }
    for (gate_right_t right = GATE_NOTHING; right <= GATE_ASK; right++) {
        bool stops = gate_stops (gate, request, right, true, &response);
        assert (stops == (right != GATE_NOTHING &&
                             !(token && token->writes == (right == GATE_SAY))));
        assert (!stops || (response.status == 401) == !token);
        s_check_response (&response, stops);
    }
    bool writes = token && token->writes;
    assert (gate_permits (gate, token, span_of ("jane/phone")) == writes);
    assert (!gate_permits (gate, token, span_of ("bob/phone")));
    assert (!gate_permits (gate, token, span_of ("jane")));
}


static void
s_check_origin (const gate_t *gate, const exchange_request_t *request)
{
    exchange_response_t response = {.status = 0};
    bool refused = gate_refuses (gate, request, true, &response);
    s_check_response (&response, refused);
    const char *allowed = gate_allowed_origin (gate, request);
    assert (!allowed || allowed == request->origin);
    if (!refused && request->origin && !allowed)
        assert (request->host && strcasestr (request->origin, request->host));
}


static void
s_try_headers (span_t text)
{
    static gate_t *gate;
    static int64_t clock_ms;
    char lines [LINES][LINE_SIZE];
    address_t from;
    exchange_response_t response = {.status = 0};
    if (!gate)
        gate = s_gate ();
    for (int line = 0; line < LINES; line++) {
        span_t words = span_until (&text, '\n');
        snprintf (lines [line], LINE_SIZE, "%.*s", (int) words.size,
            words.data ? words.data : "");
    }
    exchange_request_t request = {.host = *lines [1] ? lines [1] : NULL,
        .origin = *lines [2] ? lines [2] : NULL,
        .forwarded = *lines [3] ? lines [3] : NULL,
        .authorization = *lines [4] ? lines [4] : NULL,
        .query = span_of (lines [5])};
    s_check_token (gate, &request, lines [4], lines [5]);
    s_check_origin (gate, &request);
    if (!address_read (&from, span_of (lines [0])))
        return;
    bool is_proxy =
        strcmp (lines [0], "127.0.0.1") == 0 || strchr (lines [0], ':');
    address_t who = gate_address (gate, &request, &from);
    assert (is_proxy || address_equal (&who, &from));
    bool over =
        gate_is_over (gate, &request, &who, clock_ms += 9000, &response);
    assert (over == (response.status == 429));
    s_check_response (&response, over);
}


int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    span_t text = {(const char *) data + 1, size - 1};
    if (data [0] % 2)
        s_try_headers (text);
    else
        s_try_file (text);
    return 0;
}
