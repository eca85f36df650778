/*  =========================================================================
    replay - what fuzzers found stays mended

    Stands in for libFuzzer's main: feeds every file of the fuzzer's corpus to
    it, under any compiler, as a TAP test.  So what was found once stays fixed.
    =========================================================================
*/

#include <dirent.h>
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define INPUT_MAX 1048576


static int
s_replay (const char *folder, const char *name)
{
    static uint8_t input [INPUT_MAX];
    char path [512];
    snprintf (path, sizeof (path), "%s/%s", folder, name);
    FILE *file = fopen (path, "rb");
    if (!file)
        return 1;
    size_t size = fread (input, 1, INPUT_MAX, file);
    fclose (file);
    return LLVMFuzzerTestOneInput (input, size);
}


int
main (int argc, char *argv [])
{
    char folder [256];
    int count = 0;
    (void) argc;
    snprintf (
        folder, sizeof (folder), "tests/fuzz/corpus/%s", basename (argv [0]));
    DIR *directory = opendir (folder);
    if (!directory) {
        printf ("Bail out! no %s\n", folder);
        return 1;
    }
    const struct dirent *entry;
    while ((entry = readdir (directory)))
        if (entry->d_name [0] != '.') {
            int failed = s_replay (folder, entry->d_name);
            printf (
                "%sok %d - %s\n", failed ? "not " : "", ++count, entry->d_name);
        }
    closedir (directory);
    printf ("1..%d\n", count);
    return count == 0;
}
