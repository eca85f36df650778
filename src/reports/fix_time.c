/*  =========================================================================
    fix_time - when a phone was there, in the ways that apps say it
    =========================================================================
*/

#include "reports/fix_time.h"

#include "base/digits.h"
#include "table/location.h"

#include <string.h>
#include <time.h>

//  Seconds from here on are milliseconds: the year 5138
#define MILLISECONDS_FROM UINT64_C (100000000000)

//  Digits of milliseconds: as far as seconds have 15
#define WHOLE_DIGITS_MAX 18

//  Decimals that are kept
#define DECIMALS_MAX 18


//  Cut a number of so many digits off the front of *rest

static bool
s_number (span_t *rest, size_t digits, int *number)
{
    uint64_t value;
    if (rest->size < digits ||
        !span_number ((span_t){rest->data, digits}, 9999, &value))
        return false;
    *number = (int) value;
    *rest = (span_t){rest->data + digits, rest->size - digits};
    return true;
}


static bool
s_cut (span_t *rest, const char *bytes)
{
    if (rest->size == 0 || !strchr (bytes, rest->data [0]) || !rest->data [0])
        return false;
    *rest = (span_t){rest->data + 1, rest->size - 1};
    return true;
}


//  Cut decimals after their point off the front of *rest, if there are any

static span_t
s_decimals (span_t *rest)
{
    span_t decimals = {rest->data, 0};
    if (rest->size && rest->data [0] == '.') {
        decimals = (span_t){rest->data + 1, rest->size - 1};
        decimals.size = digits_count (decimals);
        size_t passed = 1 + decimals.size;
        *rest = (span_t){rest->data + passed, rest->size - passed};
        if (decimals.size > DECIMALS_MAX)
            decimals.size = DECIMALS_MAX;
    }
    return decimals;
}


//  Write seconds, which are more than 0, and decimals if there are any

static bool
s_print (
    int64_t seconds, const char *milliseconds, span_t decimals, char *buffer)
{
    if (seconds <= 0)
        return false;
    size_t whole = digits_size ((uint64_t) seconds);
    size_t more = strlen (milliseconds) + decimals.size;
    if (whole + more + 1 > LOCATION_STAMP_SIZE_MAX)
        return false;
    char *to = digits_print (buffer, (uint64_t) seconds, whole);
    if (more)
        *to++ = '.';
    to = stpcpy (to, milliseconds);
    if (decimals.size)
        to = mempcpy (to, decimals.data, decimals.size);
    *to = '\0';
    return true;
}


//  The digits, which there are, are seconds or milliseconds

static bool
s_print_number (span_t text, char *buffer)
{
    char milliseconds [4] = "";
    size_t whole = digits_count (text);
    while (whole > 1 && text.data [0] == '0') {
        text = (span_t){text.data + 1, text.size - 1};
        whole--;
    }
    span_t rest = {text.data + whole, text.size - whole};
    span_t decimals = s_decimals (&rest);
    if (whole > WHOLE_DIGITS_MAX || rest.size)
        return false;
    uint64_t value = digits_value (text.data, whole);
    if (value >= MILLISECONDS_FROM) {
        digits_print (milliseconds, value % 1000, 3);
        value /= 1000;
    }
    return s_print ((int64_t) value, milliseconds, decimals, buffer);
}


//  Read Z, an offset as +hh:mm, +hhmm or +hh, or nothing: all of the rest.  A
//  plus in a query that was not encoded is a blank

static bool
s_zone (span_t rest, int *offset)
{
    int hours = 0;
    int minutes = 0;
    *offset = 0;
    if (rest.size == 0 || (s_cut (&rest, "Zz") && rest.size == 0))
        return true;
    bool west = s_cut (&rest, "-");
    if ((!west && !s_cut (&rest, "+ ")) || !s_number (&rest, 2, &hours))
        return false;
    s_cut (&rest, ":");
    if (rest.size && !s_number (&rest, 2, &minutes))
        return false;
    *offset = (hours * 60 + minutes) * (west ? -60 : 60);
    return rest.size == 0 && hours < 24 && minutes < 60;
}


static bool
s_date (span_t *rest, struct tm *tm)
{
    if (!s_number (rest, 4, &tm->tm_year) || !s_cut (rest, "-") ||
        !s_number (rest, 2, &tm->tm_mon) || !s_cut (rest, "-") ||
        !s_number (rest, 2, &tm->tm_mday) || !s_cut (rest, "Tt "))
        return false;
    tm->tm_year -= 1900;
    tm->tm_mon--;
    return true;
}


static bool
s_time_of_day (span_t *rest, struct tm *tm)
{
    if (!s_number (rest, 2, &tm->tm_hour) || !s_cut (rest, ":") ||
        !s_number (rest, 2, &tm->tm_min))
        return false;
    return !s_cut (rest, ":") || s_number (rest, 2, &tm->tm_sec);
}


static bool
s_print_date (span_t rest, char *buffer)
{
    struct tm tm = {0};
    int offset;
    if (!s_date (&rest, &tm) || !s_time_of_day (&rest, &tm))
        return false;
    span_t decimals = s_decimals (&rest);
    if (!s_zone (rest, &offset) || tm.tm_hour > 23 || tm.tm_min > 59 ||
        tm.tm_sec > 60)
        return false;
    //  A day that a month does not have is one of the next month afterwards
    struct tm said = tm;
    time_t seconds = timegm (&tm);
    if (said.tm_sec < 60 &&
        (said.tm_mday != tm.tm_mday || said.tm_mon != tm.tm_mon))
        return false;
    return s_print (seconds - offset, "", decimals, buffer);
}


bool
fix_time_print (span_t text, char *buffer)
{
    size_t digits = digits_count (text);
    if (digits && (digits == text.size || text.data [digits] == '.'))
        return s_print_number (text, buffer);
    return s_print_date (text, buffer);
}
