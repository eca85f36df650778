/*  =========================================================================
    near - what it costs to know who is near

        near CROWD               measure, and say so
        near CROWD geoadd        the same clients, as Redis is told of them
        near CROWD geosearch KM COUNT   the same questions, as Redis is asked

    A CROWD is a million clients: earth, all over it, or city, in one of 33 by
    28 km.  The works near-earth and near-city run it beside Redis.
    =========================================================================
*/

#include "bench/now.h"
#include "table/near.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS 1000000
#define MOVES 1000000
#define FOUND 20
#define PLENTY ((size_t) 4 << 30)

static bool city;
static uint64_t state = 0x9E3779B97F4A7C15;


static double
s_share (void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double) (state >> 11) / (double) (UINT64_C (1) << 53);
}


//  As Redis has it, no place is beyond 85 degrees.  All over the earth is so by
//  area, not by degrees

static sphere_place_t
s_place (void)
{
    if (city)
        return (sphere_place_t){
            48.70 + s_share () * 0.25, 2.10 + s_share () * 0.45};
    return (sphere_place_t){
        asin (s_share () * 1.98 - 0.99) * 180 / M_PI, s_share () * 360 - 180};
}


//  The client says where it is, in a line as long as the assignment's

static void
s_say (table_t *table, size_t client, sphere_place_t place)
{
    static unsigned stamp;
    char line [128];
    location_t location;
    int size = snprintf (line, sizeof (line),
        "AT Alford +0.263873386 c%07zu.cs.edu %+010.6f%+011.6f %010u.%09u",
        client, place.latitude, place.longitude, 1479413884 + stamp / 1000,
        stamp % 1000 * 1000000);
    stamp++;
    bool good = location_parse (&location, (span_t){line, (size_t) size});
    assert (good);
    table_result_t result = table_put (table, &location, TABLE_DOOR);
    assert (result == TABLE_STORED);
}


static int
s_compare (const void *one, const void *other)
{
    double a = *(const double *) one;
    double b = *(const double *) other;
    return (a > b) - (a < b);
}


static void
s_ask (const table_t *table, double km)
{
    enum { QUESTIONS = 20000 };
    static double took [QUESTIONS];
    near_found_t found [FOUND];
    size_t count = 0;
    size_t looks_all = 0;
    double sum = 0;
    for (int question = 0; question < QUESTIONS; question++) {
        size_t looks = 1000000;
        sphere_place_t place = s_place ();
        double start = now_seconds ();
        count += near_find (table, place, km * 1000, found, FOUND, &looks);
        took [question] = now_seconds () - start;
        sum += took [question];
        looks_all += 1000000 - looks;
    }
    qsort (took, QUESTIONS, sizeof (double), s_compare);
    printf (
        "%d nearest in %g km: %.2f us, p99 %.2f us, found %.1f, looks %.1f\n",
        FOUND, km, sum / QUESTIONS * 1e6, took [QUESTIONS * 99 / 100] * 1e6,
        (double) count / QUESTIONS, (double) looks_all / QUESTIONS);
}


//  Let clients move: by 100 m at most, or to anywhere in the crowd

static void
s_move (table_t *table, bool walk, const char *what)
{
    static sphere_place_t places [CLIENTS];
    if (places [0].latitude == 0)
        for (size_t client = 0; client < CLIENTS; client++)
            places [client] = s_place ();
    double sum = 0;
    for (int move = 0; move < MOVES; move++) {
        size_t client = (size_t) (s_share () * CLIENTS);
        sphere_place_t *place = &places [client];
        if (walk) {
            place->latitude += (s_share () - 0.5) * 0.0012;
            place->longitude += (s_share () - 0.5) * 0.0012;
        }
        else
            *place = s_place ();
        if (fabs (place->latitude) > 85 || fabs (place->longitude) > 180)
            *place = s_place ();
        double start = now_seconds ();
        s_say (table, client, *place);
        sum += now_seconds () - start;
    }
    printf ("%s: %.3f us a move, with its line written and read\n", what,
        sum / MOVES * 1e6);
}


static void
s_measure (bool keep)
{
    table_t *table =
        table_new ((const unsigned char *) "0123456789abcdef", PLENTY);
    if (keep)
        table_keep_near (table);
    state = 0x9E3779B97F4A7C15;
    double start = now_seconds ();
    for (size_t client = 0; client < CLIENTS; client++)
        s_say (table, client, s_place ());
    printf ("%s: a million in %.2f s, %.1f bytes a client\n",
        keep ? "with" : "without", now_seconds () - start,
        (double) table_size (table) / CLIENTS);
    s_move (table, true, "walk, at first");
    s_move (table, true, "walk");
    if (keep) {
        s_ask (table, 1);
        s_ask (table, 5);
        s_ask (table, 20000);
    }
    s_move (table, false, "jump");
    if (keep)
        s_ask (table, 1);
    printf ("%.1f bytes a client\n", (double) table_size (table) / CLIENTS);
    table_destroy (&table);
}


//  Print a command as Redis reads it

static void
s_command (const char *words)
{
    size_t count = 1;
    for (const char *at = words; *at; at++)
        count += *at == ' ';
    printf ("*%zu\r\n", count);
    for (span_t rest = span_of (words); rest.size;) {
        span_t word = span_until (&rest, ' ');
        printf ("$%zu\r\n%.*s\r\n", word.size, (int) word.size, word.data);
    }
}


int
main (int argc, char **argv)
{
    char words [256];
    city = argc > 1 && strcmp (argv [1], "city") == 0;
    if (argc == 2) {
        s_measure (false);
        s_measure (true);
    }
    for (size_t client = 0; argc > 2 && client < CLIENTS; client++) {
        sphere_place_t place = s_place ();
        if (argc == 5 && client == (city ? 100 : 2000))
            break;
        if (argc == 3)
            snprintf (words, sizeof (words), "GEOADD k %.6f %.6f c%07zu.cs.edu",
                place.longitude, place.latitude, client);
        else
            snprintf (words, sizeof (words),
                "GEOSEARCH k FROMLONLAT %.6f %.6f BYRADIUS %s km ASC COUNT %s",
                place.longitude, place.latitude, argv [3], argv [4]);
        s_command (words);
    }
    return 0;
}
