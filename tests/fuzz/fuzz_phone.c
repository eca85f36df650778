/*  =========================================================================
    fuzz_phone - whatever comes over HTTP, a client could have said it

    What is read of an app's or an application's request is a good IAMAT, with
    or without a time of its own.  The input's first byte chooses who reads; the
    rest is a query and, behind the first LF, a body.
    =========================================================================
*/

#include "command/command.h"
#include "reports/osmand.h"
#include "reports/overland.h"
#include "reports/owntracks.h"
#include "reports/position.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);


static void
s_check (void *context, const fix_t *fix)
{
    char line [sizeof (fix_t) + 16];
    command_t command;
    (void) context;
    int size = snprintf (line, sizeof (line), "IAMAT %s %s %s", fix->id,
        fix->place, *fix->stamp ? fix->stamp : "1");
    assert (size > 0 && (size_t) size < sizeof (line));
    command_parse (
        &command, (span_t){line, (size_t) size}, LOCATION_CLIENT_SIZE_MAX);
    assert (command.kind == COMMAND_IAMAT);
    assert (span_equal (command.client, span_of (fix->id)));
    assert (span_equal (command.place, span_of (fix->place)));
}


//  Who is a phone or an application by the first byte

static fix_outcome_t
s_read (uint8_t who, span_t query, span_t body, fix_t *fix)
{
    span_t user = query;
    span_t device = {"d", query.size > 0};
    switch (who) {
    case 0:
        return osmand_read (fix, query, body);
    case 1:
        return osmand_read_json (fix, body);
    case 2:
        return owntracks_read (fix, user, device, body);
    case 5:
        return owntracks_read_published (fix, query, body);
    default:
        if (position_read (fix, body))
            return FIX_BAD;
        assert (!*fix->id);
        assert (fix_set_id (fix, span_of ("application")));
        return FIX_FOUND;
    }
}


int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    fix_t fix;
    if (size == 0)
        return 0;
    span_t body = {(const char *) data + 1, size - 1};
    span_t query = span_until (&body, '\n');
    if (data [0] % 6 == 4)
        overland_read (body, s_check, NULL);
    else if (s_read (data [0] % 6, query, body, &fix) == FIX_FOUND)
        s_check (NULL, &fix);
    return 0;
}
