/*  =========================================================================
    command - what a client's line says
    =========================================================================
*/

#include "command/command.h"

#include "base/decimal.h"

#include <string.h>

//  Millimetres in a kilometre have six decimals
#define RADIUS_DECIMALS 6


//  Of every command
#define FIELDS 4

//  Read kilometres: digits with an optional fraction, 0 to 50 inclusive.  What
//  is below a millimetre is left out, but still counts against the maximum

static bool
s_radius (span_t text, uint32_t *radius_mm)
{
    int64_t mm;
    if (!decimal_read_plain (text, RADIUS_DECIMALS, COMMAND_RADIUS_MAX_MM, &mm))
        return false;
    *radius_mm = (uint32_t) mm;
    return true;
}


static bool
s_iamat (command_t *self, const span_t *field)
{
    span_t latitude;
    span_t longitude;
    self->kind = COMMAND_IAMAT;
    self->client = field [1];
    self->place = field [2];
    self->stamp = field [3];
    return place_parse (field [2], &latitude, &longitude) &&
           stamp_parse (field [3], &self->stamped);
}


static bool
s_whatsat (command_t *self, const span_t *field)
{
    uint64_t bound = 0;
    self->kind = COMMAND_WHATSAT;
    self->client = field [1];
    if (!s_radius (field [2], &self->radius_mm) ||
        !span_number (field [3], COMMAND_BOUND_MAX, &bound))
        return false;
    self->bound = (uint32_t) bound;
    return true;
}


void
command_parse (command_t *self, span_t line, size_t client_size_max)
{
    span_t field [FIELDS + 1];
    size_t count = span_fields (line, field, FIELDS + 1);

    *self = (command_t){.kind = COMMAND_NONE};
    if (count == 0)
        return;
    //  A NUL elsewhere is in no command, number or place
    bool good = count == FIELDS && field [1].size <= client_size_max &&
                !memchr (field [1].data, 0, field [1].size);
    if (good && span_equal (field [0], span_of ("IAMAT")))
        good = s_iamat (self, field);
    else if (good && span_equal (field [0], span_of ("WHATSAT")))
        good = s_whatsat (self, field);
    else
        good = false;
    if (!good)
        *self = (command_t){.kind = COMMAND_BAD};
}
