/*  =========================================================================
    test_power - the table on a disk whose power is cut

    Again and again, at any call, also while calls fail: what is found is never
    older than what was on the disk, and each record is one that was told.

    DISK_SEED names other cuts, and DISK_SECONDS how long to go on.
    =========================================================================
*/

#include "io/power.h"
#include "io/store_case.h"

#include "loop/clock.h"
#include "unit/chance.h"

#define CLIENTS 300
#define TIMES_MAX 4000000
#define CUTS 40
#define CALLS_MAX 60

//  How many calls there are to one that fails, in turn; 0 is none
static const unsigned s_failing [] = {0, 0, 30, 6};

//  Clients that stand together, as their records may in blocks
typedef struct {
    uint16_t first;
    uint16_t end;
} range_t;

typedef struct {
    store_case_t *store;
    chance_t chance;
    uint32_t time;
    uint32_t told [CLIENTS];  //  When each was told of last
    uint32_t safe [CLIENTS];  //  And what of that is on the disk for sure
    range_t *ranges;          //  Of whom was told at each time
} power_case_t;


static uint64_t
s_number (const char *name, uint64_t usual)
{
    const char *text = getenv (name);
    uint64_t number = usual;
    if (text)
        assert_true (span_number (span_of (text), UINT32_MAX, &number));
    return number;
}


static void
s_tell (power_case_t *self)
{
    size_t first = chance_below (&self->chance, CLIENTS);
    size_t end = first + 1 + chance_below (&self->chance, CLIENTS - first);
    assert_true (++self->time < TIMES_MAX);
    self->ranges [self->time] = (range_t){(uint16_t) first, (uint16_t) end};
    store_case_tell (self->store, (unsigned) first, (unsigned) end, self->time);
    for (size_t client = first; client < end; client++)
        self->told [client] = self->time;
}


//  When the server says the client was heard, 0 if it does not know it

static uint32_t
s_known (const power_case_t *self, unsigned client)
{
    char name [16];
    location_t location;
    snprintf (name, sizeof name, "c%u", client);
    return table_find (
               server_table (self->store->server), span_of (name), &location)
               ? (uint32_t) location.stamped.seconds
               : 0;
}


//  What was found stays, whatever is cut next

static void
s_check (power_case_t *self)
{
    for (unsigned client = 0; client < CLIENTS; client++) {
        uint32_t known = s_known (self, client);
        const range_t *range = &self->ranges [known];
        assert_in_range (known, self->safe [client], self->time);
        assert_true (
            known == 0 || (client >= range->first && client < range->end));
        self->safe [client] = self->told [client] = known;
    }
}


//  Start from what the last cut left, and go on until the next

static void
s_live (power_case_t *self, unsigned failing)
{
    store_case_t *store = self->store;
    unsigned calls = (unsigned) chance_below (&self->chance, CALLS_MAX);
    unsigned patience = 1 + (unsigned) chance_below (&self->chance, 20);
    power_begin (chance_next (&self->chance), store->folder, failing, calls);
    assert_true (store_case_open (store));
    while (store_is_loading (store->store))
        loop_case_spend (store->stage, 1);
    s_check (self);
    for (unsigned turn = 0; !power_is_cut (); turn++) {
        if (store->settled)
            memcpy (self->safe, self->told, sizeof self->safe);
        if (store->settled || turn % patience == 0)
            s_tell (self);
        loop_case_spend (store->stage, 1);
    }
    store_case_kill (store);
    power_restore (store->folder);
}


static void
what_was_on_the_disk_is_found_after_any_cut (void **state)
{
    power_case_t self = {.store = *state};
    int64_t seconds = (int64_t) s_number ("DISK_SECONDS", 0);
    int64_t until_ms = clock_ms () + 1000 * seconds;
    self.chance = chance_new (s_number ("DISK_SEED", 1));
    self.ranges = calloc (TIMES_MAX, sizeof (range_t));
    assert_non_null (self.ranges);
    self.store->options.calls = &power_calls;
    self.store->options.spare_size = 5000;
    self.store->options.retry_ms = 2;
    store_case_kill (self.store);
    unsigned cuts = 0;
    while (cuts < CUTS || clock_ms () < until_ms)
        s_live (&self, s_failing [cuts++ % 4]);
    printf ("# %u cuts, told %u times\n", cuts, self.time);
    power_begin (0, self.store->folder, 0, UINT32_MAX);
    assert_true (store_case_open (self.store));
    store_case_settle (self.store);
    s_check (&self);
    store_case_kill (self.store);
    power_end ();
    free (self.ranges);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        STORE_CASE (what_was_on_the_disk_is_found_after_any_cut),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
