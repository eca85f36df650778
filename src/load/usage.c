/*  =========================================================================
    usage - what processes cost
    =========================================================================
*/

#include "load/usage.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


static int64_t
s_complain (pid_t pid)
{
    fprintf (stderr, "zherd-load: process %d: %s\n", (int) pid,
        strerror (errno ? errno : ENODATA));
    return -1;
}


//  Return the number that follows the label at the start of a line, or -1

static int64_t
s_read_label (const char *name, const char *label)
{
    char line [256];
    size_t size = strlen (label);
    int64_t number = -1;
    errno = 0;
    FILE *file = fopen (name, "re");
    while (file && number < 0 && fgets (line, sizeof (line), file))
        if (strncmp (line, label, size) == 0)
            number = strtoll (line + size, NULL, 10);
    if (file)
        fclose (file);
    return number;
}


//  The scheduler's own account of a thread; 0 if it has just ended

static int64_t
s_thread_ns (pid_t pid, const char *thread)
{
    char name [320];
    snprintf (
        name, sizeof (name), "/proc/%d/task/%s/schedstat", (int) pid, thread);
    int64_t cpu_ns = s_read_label (name, "");
    return cpu_ns < 0 ? 0 : cpu_ns;
}


static int64_t
s_process_ns (pid_t pid)
{
    char name [64];
    int64_t cpu_ns = 0;
    struct dirent *entry;
    snprintf (name, sizeof (name), "/proc/%d/task", (int) pid);
    DIR *folder = opendir (name);
    if (!folder)
        return s_complain (pid);
    while ((entry = readdir (folder)))
        if (entry->d_name [0] != '.')
            cpu_ns += s_thread_ns (pid, entry->d_name);
    closedir (folder);
    return cpu_ns;
}


//  "smaps_rollup" counts pages one by one, but few may see it if the process
//  may not be dumped.  The counters of "status" may be some way off on a
//  machine of many cores.

static int64_t
s_process_memory (pid_t pid)
{
    char name [64];
    snprintf (name, sizeof (name), "/proc/%d/smaps_rollup", (int) pid);
    int64_t kib = s_read_label (name, "Rss:");
    if (kib < 0 && errno == EACCES) {
        snprintf (name, sizeof (name), "/proc/%d/status", (int) pid);
        kib = s_read_label (name, "VmRSS:");
    }
    return kib < 0 ? s_complain (pid) : kib * 1024;
}


static int64_t
s_sum (const pid_t *pids, unsigned count, int64_t (*of_process) (pid_t))
{
    int64_t sum = count ? 0 : -1;
    for (unsigned at = 0; at < count; at++) {
        int64_t value = of_process (pids [at]);
        if (value < 0)
            return -1;
        sum += value;
    }
    return sum;
}


int64_t
usage_cpu_ns (const pid_t *pids, unsigned count)
{
    return s_sum (pids, count, s_process_ns);
}


int64_t
usage_memory (const pid_t *pids, unsigned count)
{
    return s_sum (pids, count, s_process_memory);
}
