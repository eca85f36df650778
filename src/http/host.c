/*  =========================================================================
    host - whose name a request's Host is
    =========================================================================
*/

#include "http/host.h"

#include "base/span.h"

#include <arpa/inet.h>
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

//  What fits into the longest name there can be, with a NUL
#define NAME_SIZE 256


//  Nothing, or ":" and a port, which may be nothing

static bool
s_is_port (span_t text)
{
    uint64_t port;
    if (text.size == 0 || text.data [0] != ':')
        return text.size == 0;
    span_t number = {text.data + 1, text.size - 1};
    return number.size == 0 || span_number (number, UINT16_MAX, &port);
}


static bool
s_is_name (const char *host, const char *name)
{
    return strcasecmp (host, name) == 0;
}


static bool
s_is_machine (const char *host)
{
    char machine [HOST_NAME_MAX + 1] = "";
    (void) gethostname (machine, sizeof (machine) - 1);
    return *machine && s_is_name (host, machine);
}


bool
host_is_own (const char *text, const char *name, const char *other)
{
    char host [NAME_SIZE];
    struct in6_addr number;
    bool is_six = *text == '[';
    size_t size = is_six ? strcspn (text, "]") : strcspn (text, ":");
    const char *rest = text + size;
    if (is_six && *rest++ != ']')
        return false;
    if (size >= NAME_SIZE || !s_is_port (span_of (rest)))
        return false;
    memcpy (host, text + is_six, size - is_six);
    host [size - is_six] = '\0';
    if (is_six)
        return inet_pton (AF_INET6, host, &number) == 1;
    return inet_pton (AF_INET, host, &number) == 1 ||
           s_is_name (host, "localhost") || s_is_name (host, name) ||
           (other && s_is_name (host, other)) || s_is_machine (host);
}
