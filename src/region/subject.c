/*  =========================================================================
    subject - a client's ID as one token of a NATS subject
    =========================================================================
*/

#include "region/subject.h"

#include <sodium/crypto_generichash.h>
#include <string.h>

#define ESCAPE '='
#define ESCAPE_SIZE 3
#define HASH_SIZE 32

static const char s_digits [] = "0123456789ABCDEF";


static bool
s_is_plain (char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
}


static char *
s_print_hex (char *to, unsigned char byte)
{
    *to++ = s_digits [byte >> 4];
    *to++ = s_digits [byte & 15];
    return to;
}


static size_t
s_print_hash (span_t client, char *buffer)
{
    unsigned char hash [HASH_SIZE];
    char *to = buffer;
    crypto_generichash (hash, sizeof hash, (const unsigned char *) client.data,
        client.size, NULL, 0);
    *to++ = ESCAPE;
    *to++ = ESCAPE;
    for (size_t at = 0; at < sizeof hash; at++)
        to = s_print_hex (to, hash [at]);
    return (size_t) (to - buffer);
}


size_t
subject_print (span_t client, char *buffer)
{
    char *to = buffer;
    if (client.size > SUBJECT_CLIENT_SIZE_MAX)
        return s_print_hash (client, buffer);
    for (size_t at = 0; at < client.size; at++) {
        char byte = client.data [at];
        if (s_is_plain (byte))
            *to++ = byte;
        else {
            *to++ = ESCAPE;
            to = s_print_hex (to, (unsigned char) byte);
        }
    }
    return (size_t) (to - buffer);
}


bool
subject_is_of (span_t token, span_t client)
{
    char expected [SUBJECT_TOKEN_SIZE_MAX];
    size_t size = subject_print (client, expected);
    return span_equal (token, (span_t){expected, size});
}


bool
subject_is_region (span_t name)
{
    return name.size <= SUBJECT_REGION_SIZE_MAX && span_is_name (name) &&
           !memchr (name.data, '.', name.size);
}
