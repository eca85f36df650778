/*  =========================================================================
    echo - send every line back: as fast as TCP lets anybody be

        echo --clients PORT

    Other options of the peers are taken and left alone.
    =========================================================================
*/

#include "bench/peers/wire.h"

#include <string.h>


static size_t
s_take (void *context, talk_t *talk, const char *bytes, size_t size)
{
    (void) context;
    const char *end = memrchr (bytes, '\n', size);
    size_t whole = end ? (size_t) (end - bytes) + 1 : 0;
    talk_say (talk, bytes, whole);
    return whole;
}


int
main (int argc, char **argv)
{
    wire_t *wire = wire_new (NULL, s_take, NULL);
    for (int index = 1; index + 1 < argc; index += 2)
        if (strcmp (argv [index], "--clients") == 0)
            wire_listen (wire, wire_port (argv [index + 1]), 0);
    while (true)
        wire_turn (wire, -1);
}
