/*  =========================================================================
    fuzz_v1 - whatever an application asks, it is answered in JSON

    What becomes a line is a good one, of the client that the path names, and
    what was put is got.  The input's first byte chooses the method; the rest is
    a path, a query behind its "?" and, behind the first LF, a body.
    =========================================================================
*/

#include "command/command.h"
#include "web/v1.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const instant_t s_now = {1479413885, 0};


//  JSON, and text as such

static void
s_check (exchange_response_t *response, bool is_places)
{
    assert (response->status >= 200 && response->status < 600);
    if (response->status != 304 && !is_places) {
        json_t *json = json_loadb (response->text, response->size, 0, NULL);
        assert (json_is_object (json));
        json_decref (json);
    }
    free (response->text);
    *response = (exchange_response_t){.status = 0};
}


static void
s_put (table_t *table, span_t line)
{
    location_t location;
    assert (location_parse (&location, line));
    table_put (table, &location, TABLE_DOOR);
}


static table_t *
s_table (void)
{
    table_t *table =
        table_new ((const unsigned char *) "0123456789abcdef", 65536);
    table_keep_near (table);
    s_put (table, span_of ("AT A +0.000000000 a +1+2 7"));
    s_put (table, span_of ("AT A +0.000000000 owntracks/jane/x +1.50-2 7"));
    s_put (table, span_of ("AT A +0.000000000 \"\\\xff\x01 +1+2 7"));
    return table;
}


//  Answer as the core does, to an IAMAT that it takes

static void
s_answer (const v1_t *v1, const command_t *command, table_t *table)
{
    char line [LOCATION_LINE_SIZE_MAX + 2];
    exchange_response_t response = {.status = 0};
    exchange_request_t request = {.query = span_of ("")};
    location_t location = {.server = span_of ("A"),
        .client = command->client,
        .place = command->place,
        .stamp = command->stamp,
        .stamped = command->stamped,
        .heard = s_now};
    span_t reply = {line, location_print (&location, line)};
    s_put (table, reply);
    line [reply.size++] = '\n';
    v1_answer (v1, reply, table, &response);
    assert (response.status == 200);
    s_check (&response, false);
    v1_show (v1, &request, s_now, table, &response);
    assert (response.status == 200);
    s_check (&response, false);
}


static void
s_say (const v1_t *v1, const exchange_request_t *request, table_t *table)
{
    char line [FIX_LINE_SIZE];
    command_t command;
    exchange_response_t response = {.status = 0};
    size_t size =
        v1_say (v1, request, s_now, LOCATION_CLIENT_SIZE_MAX, line, &response);
    if (size == 0) {
        assert (response.status == 400);
        s_check (&response, false);
        return;
    }
    assert (size < sizeof (line));
    command_parse (&command, (span_t){line, size}, LOCATION_CLIENT_SIZE_MAX);
    assert (span_equal (command.client, v1_client (v1)));
    if (v1->kind == V1_CLIENT) {
        assert (command.kind == COMMAND_IAMAT);
        s_answer (v1, &command, table);
        return;
    }
    assert (command.kind == COMMAND_WHATSAT);
    v1_answer (v1, span_of ("? WHATSAT a 1 1\n"), table, &response);
    assert (response.status == 404);
    s_check (&response, false);
    v1_answer (v1, request->body, table, &response);
    s_check (&response, true);
}


int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const char *const methods [] = {"GET", "PUT", "HEAD", "DELETE"};
    exchange_response_t response = {.status = 0};
    v1_t v1;
    if (size == 0)
        return 0;
    span_t body = {(const char *) data + 1, size - 1};
    span_t query = span_until (&body, '\n');
    span_t path = span_until (&query, '?');
    exchange_request_t request = {.method = methods [data [0] % 4],
        .path = path,
        .query = query,
        .if_none_match = data [0] & 4 ? "*" : NULL,
        .body = body};
    v1_find (&v1, path);
    if (v1.kind == V1_NONE || v1.kind == V1_UNKNOWN)
        return 0;
    const char *allow = v1_refuse_method (&v1, request.method);
    assert (!allow || !strstr (allow, request.method));
    if (allow)
        return 0;
    table_t *table = s_table ();
    if (v1_is_said (&v1, request.method))
        s_say (&v1, &request, table);
    else {
        v1_show (&v1, &request, s_now, table, &response);
        s_check (&response, false);
    }
    table_destroy (&table);
    return 0;
}
