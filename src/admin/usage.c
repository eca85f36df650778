/*  =========================================================================
    usage - what the process has of its machine, as the system tells it
    =========================================================================
*/

#include "admin/usage.h"

#include "base/span.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define DESCRIPTORS "/proc/self/fd"
#define LINE_SIZE 128


//  Read pages of virtual and of resident memory; 0 if there is no telling

static void
s_read_pages (uint64_t *virtual_pages, uint64_t *resident_pages)
{
    char line [LINE_SIZE];
    FILE *file = fopen ("/proc/self/statm", "re");
    *virtual_pages = *resident_pages = 0;
    if (!file)
        return;
    span_t rest = span_of (fgets (line, sizeof (line), file) ? line : "");
    if (!span_number (span_until (&rest, ' '), INT64_MAX, virtual_pages) ||
        !span_number (span_until (&rest, ' '), INT64_MAX, resident_pages))
        *virtual_pages = *resident_pages = 0;
    fclose (file);
}


static uint64_t
s_page_size (void)
{
    return (uint64_t) sysconf (_SC_PAGESIZE);
}


//  Linux tells it as the folder's size since 6.2.  Before, one has to count

static uint64_t
s_open_fds (void)
{
    struct stat facts;
    if (stat (DESCRIPTORS, &facts) == 0 && facts.st_size > 0)
        return (uint64_t) facts.st_size;
    uint64_t count = 0;
    DIR *folder = opendir (DESCRIPTORS);
    if (!folder)
        return 0;
    for (struct dirent *entry; (entry = readdir (folder));)
        count += entry->d_name [0] != '.';
    closedir (folder);
    //  But for the one that it took to count
    return count - 1;
}


//  The folder has two links more than threads

static uint64_t
s_threads (void)
{
    struct stat facts;
    return stat ("/proc/self/task", &facts) == 0 && facts.st_nlink > 2
               ? facts.st_nlink - 2
               : 0;
}


static int64_t
s_ms (const struct timeval *time)
{
    return (int64_t) time->tv_sec * 1000 + time->tv_usec / 1000;
}


uint64_t
usage_resident_bytes (void)
{
    uint64_t virtual_pages;
    uint64_t resident_pages;
    s_read_pages (&virtual_pages, &resident_pages);
    return resident_pages * s_page_size ();
}


usage_t
usage_now (void)
{
    struct rusage used = {0};
    struct rlimit limit = {0};
    uint64_t virtual_pages;
    uint64_t resident_pages;
    (void) getrusage (RUSAGE_SELF, &used);
    (void) getrlimit (RLIMIT_NOFILE, &limit);
    s_read_pages (&virtual_pages, &resident_pages);
    return (usage_t){.cpu_ms = s_ms (&used.ru_utime) + s_ms (&used.ru_stime),
        .resident_bytes = resident_pages * s_page_size (),
        .virtual_bytes = virtual_pages * s_page_size (),
        .open_fds = s_open_fds (),
        .max_fds = limit.rlim_cur,
        .threads = s_threads ()};
}
