/*  =========================================================================
    switch - namespaces, and lines between them as slow and bad as told

    switch HERE NAME=ADDRESS...

    Makes a network namespace for each name, with that IPv4 address of a /24,
    and gives the namespace it runs in the address HERE of the same net.  Says
    "NAME PATH" for each, so that "nsenter --net=PATH COMMAND" runs there, then
    "ok".  Then every line on standard input is done, and answered by "ok":

        line ONE OTHER WHAT=NUMBER...   how packets from ONE to OTHER fare; what
                                        is not named is as at first

            rate    bits a second; 0, as at first: no limit
            delay   milliseconds under way
            jitter  milliseconds more, by chance; no packet overtakes another
            loss    percent of the packets; 100 cuts the line
            queue   bytes that may wait for the line, then packets are dropped;
                    at first 65536

        reset ONE OTHER                 break the next TCP connection that
                                        carries data from ONE to OTHER, at both
                                        its ends
        count ONE OTHER                 "ok PACKETS BYTES DROPPED"

    Lines from and to HERE are never slow.  The namespaces are this process's:
    at the end of standard input it goes, and they go once nobody is in them.
    =========================================================================
*/

#include "weather/reset.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define NODES_MAX 17      //  Here, and so many more
#define PACKET_SIZE 2048  //  The interfaces' MTU is 1500
#define TURN_PACKETS 64   //  Of one node in a turn, so that each has its own
#define QUEUE_SIZE 65536
#define IP_SIZE 20
#define MS INT64_C (1000000)
#define SECOND (1000 * MS)

typedef struct packet_t {
    struct packet_t *next;
    int64_t due_ns;  //  When it comes out of the line
    size_t size;
    unsigned char data [];
} packet_t;

//  One way between two nodes.  A packet waits until those before it are sent,
//  takes its time to be sent, and then is under way.
typedef struct {
    int64_t rate;
    int64_t delay_ns;
    int64_t jitter_ns;
    double loss;  //  Part of 1
    int64_t queue_size;
    int64_t free_ns;  //  When all that waits is sent
    packet_t *first;  //  Waiting or under way
    packet_t *last;
    bool reset;  //  The next connection is to be broken
    uint64_t packets;
    uint64_t bytes;
    uint64_t dropped;
} line_t;

typedef struct {
    char *name;
    in_addr_t address;
    int tun;  //  What is read from it was sent there
    line_t lines [NODES_MAX];
} node_t;

static node_t s_nodes [NODES_MAX];
static int s_count = 0;


//  Who cannot go on says why, and ends

static void
s_must (bool holds, const char *what)
{
    if (!holds) {
        fprintf (stderr, "switch: %s: %s\n", what, strerror (errno));
        exit (1);
    }
}


static int64_t
s_now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec * SECOND + now.tv_nsec;
}


//  Packets

static line_t *
s_line (int from, int to)
{
    return &s_nodes [from].lines [to];
}


static void
s_deliver (line_t *line, int to, const unsigned char *data, size_t size)
{
    if (write (s_nodes [to].tun, data, size) == (ssize_t) size) {
        line->packets++;
        line->bytes += size;
    }
    else
        line->dropped++;
}


//  The line takes the packet, or drops it

static void
s_send (line_t *line, int to, const unsigned char *data, size_t size)
{
    int64_t now_ns = s_now_ns (), sends_ns = 0;
    if (line->free_ns < now_ns)
        line->free_ns = now_ns;
    if (line->rate) {
        int64_t waiting_ns = line->free_ns - now_ns;
        int64_t room_ns = line->queue_size * 8 * SECOND / line->rate;
        sends_ns = (int64_t) size * 8 * SECOND / line->rate;
        if (waiting_ns > room_ns) {
            line->dropped++;
            return;
        }
    }
    if (line->loss > 0 && drand48 () < line->loss) {
        line->dropped++;
        return;
    }
    line->free_ns += sends_ns;
    if (line->free_ns == now_ns && !line->delay_ns && !line->first) {
        s_deliver (line, to, data, size);
        return;
    }
    packet_t *packet = malloc (sizeof (packet_t) + size);
    assert (packet);
    *packet = (packet_t){.size = size,
        .due_ns = line->free_ns + line->delay_ns +
                  (int64_t) (drand48 () * (double) line->jitter_ns)};
    memcpy (packet->data, data, size);
    if (line->first) {
        if (packet->due_ns < line->last->due_ns)
            packet->due_ns = line->last->due_ns;
        line->last->next = packet;
    }
    else
        line->first = packet;
    line->last = packet;
}


//  Deliver what is due, and return when the next is; INT64_MAX: nothing is

static int64_t
s_run (line_t *line, int to, int64_t now_ns)
{
    while (line->first && line->first->due_ns <= now_ns) {
        packet_t *packet = line->first;
        line->first = packet->next;
        s_deliver (line, to, packet->data, packet->size);
        free (packet);
    }
    return line->first ? line->first->due_ns : INT64_MAX;
}


static int64_t
s_run_all (void)
{
    int64_t now_ns = s_now_ns (), next_ns = INT64_MAX;
    for (int from = 0; from < s_count; from++)
        for (int to = 0; to < s_count; to++) {
            int64_t due_ns = s_run (s_line (from, to), to, now_ns);
            if (due_ns < next_ns)
                next_ns = due_ns;
        }
    return next_ns;
}


//  Instead of a segment with data, tell both ends that the other broke the
//  connection.  Returns false if this is none

static bool
s_break (int from, int to, const unsigned char *data, size_t size)
{
    unsigned char there [RESET_SIZE], back [RESET_SIZE];
    if (!reset_write (data, size, there, back))
        return false;
    s_deliver (s_line (from, to), to, there, RESET_SIZE);
    s_deliver (s_line (to, from), from, back, RESET_SIZE);
    return true;
}


//  Nodes

static int
s_node_at (in_addr_t address)
{
    for (int index = 0; index < s_count; index++)
        if (s_nodes [index].address == address)
            return index;
    return -1;
}


static void
s_hear (int from)
{
    unsigned char data [PACKET_SIZE];
    for (int count = 0; count < TURN_PACKETS; count++) {
        ssize_t size = read (s_nodes [from].tun, data, sizeof (data));
        if (size == -1)
            return;
        in_addr_t target = 0;
        if (size < IP_SIZE || data [0] >> 4 != 4)
            continue;
        memcpy (&target, data + 16, sizeof (target));
        int to = s_node_at (target);
        if (to < 0)
            continue;
        line_t *line = s_line (from, to);
        if (line->reset && s_break (from, to, data, (size_t) size))
            line->reset = false;
        else
            s_send (line, to, data, (size_t) size);
    }
}


static void
s_bring_up (int fd, const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_UP | IFF_RUNNING};
    snprintf (request.ifr_name, IFNAMSIZ, "%s", name);
    s_must (ioctl (fd, SIOCSIFFLAGS, &request) == 0, name);
}


static void
s_set_address (int fd, const char *name, unsigned long what, in_addr_t address)
{
    struct ifreq request = {0};
    struct sockaddr_in address_in = {
        .sin_family = AF_INET, .sin_addr.s_addr = address};
    snprintf (request.ifr_name, IFNAMSIZ, "%s", name);
    memcpy (&request.ifr_addr, &address_in, sizeof (address_in));
    s_must (ioctl (fd, what, &request) == 0, name);
}


//  An interface in the namespace that we are in now

static int
s_open_tun (in_addr_t address)
{
    int tun = open ("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    s_must (tun != -1, "/dev/net/tun");
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    snprintf (request.ifr_name, IFNAMSIZ, "line");
    s_must (ioctl (tun, TUNSETIFF, &request) == 0, "TUNSETIFF");
    int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    s_must (fd != -1, "socket");
    s_bring_up (fd, "lo");
    s_set_address (fd, "line", SIOCSIFADDR, address);
    s_set_address (fd, "line", SIOCSIFNETMASK, htonl (0xffffff00));
    s_bring_up (fd, "line");
    close (fd);
    return tun;
}


static int
s_namespace (void)
{
    int fd = open ("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    s_must (fd != -1, "/proc/self/ns/net");
    return fd;
}


static void
s_add (const char *name, const char *address)
{
    s_must (s_count < NODES_MAX, "too many names");
    node_t *node = &s_nodes [s_count++];
    node->name = strdup (name);
    assert (node->name);
    s_must (inet_pton (AF_INET, address, &node->address) == 1, address);
    for (int to = 0; to < NODES_MAX; to++)
        node->lines [to].queue_size = QUEUE_SIZE;
    node->tun = s_open_tun (node->address);
}


static void
s_add_elsewhere (char *word)
{
    const char *name = strsep (&word, "=");
    s_must (word != NULL, "NAME=ADDRESS");
    int here = s_namespace ();
    s_must (unshare (CLONE_NEWNET) == 0, "a network namespace");
    s_add (name, word);
    printf ("%s /proc/%d/fd/%d\n", name, (int) getpid (), s_namespace ());
    s_must (setns (here, CLONE_NEWNET) == 0, "back to our namespace");
    close (here);
}


//  Commands

static int
s_named (const char *name)
{
    for (int index = 1; name && index < s_count; index++)
        if (strcmp (s_nodes [index].name, name) == 0)
            return index;
    return -1;
}


//  Returns false if a word is none

static bool
s_set_line (line_t *line, char *words)
{
    char *word;
    line_t set = {.queue_size = QUEUE_SIZE};
    while ((word = strsep (&words, " "))) {
        const char *what = strsep (&word, "=");
        char *end = NULL;
        double number = word ? strtod (word, &end) : -1;
        if (!end || end == word || *end || !(number >= 0 && number < 1e12))
            return false;
        if (strcmp (what, "rate") == 0)
            set.rate = (int64_t) number;
        else if (strcmp (what, "delay") == 0)
            set.delay_ns = (int64_t) (number * MS);
        else if (strcmp (what, "jitter") == 0)
            set.jitter_ns = (int64_t) (number * MS);
        else if (strcmp (what, "loss") == 0)
            set.loss = number / 100;
        else if (strcmp (what, "queue") == 0 && number < 1e9)
            set.queue_size = (int64_t) number;
        else
            return false;
    }
    line->rate = set.rate;
    line->delay_ns = set.delay_ns;
    line->jitter_ns = set.jitter_ns;
    line->loss = set.loss;
    line->queue_size = set.queue_size;
    line->free_ns = 0;
    return true;
}


static void
s_do (char *words)
{
    const char *command = strsep (&words, " ");
    int from = s_named (strsep (&words, " "));
    int to = s_named (strsep (&words, " "));
    line_t *line = from < 0 || to < 0 ? NULL : s_line (from, to);
    if (line && strcmp (command, "count") == 0)
        printf ("ok %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", line->packets,
            line->bytes, line->dropped);
    else if (line && strcmp (command, "reset") == 0) {
        line->reset = true;
        puts ("ok");
    }
    else if (line && strcmp (command, "line") == 0 && s_set_line (line, words))
        puts ("ok");
    else
        puts ("? line ONE OTHER WHAT=NUMBER..., reset or count ONE OTHER");
}


//  Returns false at the end of standard input

static bool
s_obey (void)
{
    static char text [4096];
    static size_t size = 0;
    ssize_t more = read (STDIN_FILENO, text + size, sizeof (text) - size);
    if (more <= 0)
        return false;
    size += (size_t) more;
    char *line = text, *end;
    while ((end = memchr (line, '\n', size - (size_t) (line - text)))) {
        *end = 0;
        s_do (line);
        line = end + 1;
    }
    size -= (size_t) (line - text);
    memmove (text, line, size);
    return size < sizeof (text);
}


static void
s_serve (void)
{
    struct pollfd polled [NODES_MAX + 1];
    for (int index = 0; index < s_count; index++)
        polled [index] =
            (struct pollfd){.fd = s_nodes [index].tun, .events = POLLIN};
    polled [s_count] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    for (bool goes_on = true; goes_on;) {
        int64_t next_ns = s_run_all (), wait_ns = next_ns - s_now_ns ();
        if (wait_ns < 0)
            wait_ns = 0;
        struct timespec wait = {wait_ns / SECOND, wait_ns % SECOND};
        int ready = ppoll (polled, (nfds_t) s_count + 1,
            next_ns == INT64_MAX ? NULL : &wait, NULL);
        s_must (ready != -1 || errno == EINTR, "poll");
        for (int index = 0; ready > 0 && index < s_count; index++)
            if (polled [index].revents)
                s_hear (index);
        if (ready > 0 && polled [s_count].revents)
            goes_on = s_obey ();
    }
}


int
main (int argc, char **argv)
{
    if (argc < 3) {
        fputs ("usage: switch HERE NAME=ADDRESS...\n", stderr);
        return 2;
    }
    setvbuf (stdout, NULL, _IOLBF, 0);
    srand48 (1);
    s_add ("", argv [1]);
    for (int index = 2; index < argc; index++)
        s_add_elsewhere (argv [index]);
    puts ("ok");
    s_serve ();
    return 0;
}
