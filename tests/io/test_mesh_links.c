/*  =========================================================================
    test_mesh_links - peers that come, go and move while the mesh goes on
    =========================================================================
*/

#include "io/mesh_case.h"


static void
one_that_moved_is_found_elsewhere (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    mesh_case_open (&self->third, self->one.port);
    endpoint_t elsewhere = mesh_case_at ("127.0.0.1", self->third.port);
    mesh_connect (self->one.mesh, 0, NULL, &elsewhere);
    assert_int_equal (self->one.downs, 1);
    REACH (self->stage, &self->one.ups, 2);
    mesh_send (self->one.mesh, 0, span_of ("hello"));
    REACH (self->stage, &self->third.messages, 1);
    assert_int_equal (self->other.messages, 0);
    assert_int_equal (self->other.downs, 0);
}


//  What was said last arrives, and nobody hears of an end that was wanted

static void
one_that_is_parted_from_is_told_what_was_said (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    mesh_send (self->one.mesh, 0, span_of ("goodbye"));
    mesh_part (self->one.mesh, 0);
    REACH (self->stage, &self->other.messages, 1);
    assert_string_equal (self->other.story, "[goodbye]");
    assert_int_equal (self->one.downs, 0);
    assert_false (mesh_can_send (self->one.mesh, 0));
    mesh_part (self->one.mesh, 0);
    loop_case_spend (self->stage, 150);
    assert_int_equal (self->one.ups, 1);
}


//  A connection that is there already is ended, not only new ones refused

static void
one_that_is_not_admitted_any_more_is_expelled (void **state)
{
    mesh_case_t *self = *state;
    mesh_case_pair (self);
    mesh_expel (self->one.mesh);
    assert_int_equal (self->one.strange, 0);
    mesh_part (self->one.mesh, 0);
    mesh_expel (self->one.mesh);
    assert_int_equal (self->one.strange, 1);
    REACH (self->stage, &self->other.downs, 1);
    assert_int_equal (self->other.ups, 1);
}


int
main (void)
{
    const struct CMUnitTest tests [] = {
        CASE (one_that_moved_is_found_elsewhere),
        CASE (one_that_is_parted_from_is_told_what_was_said),
        CASE (one_that_is_not_admitted_any_more_is_expelled),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
