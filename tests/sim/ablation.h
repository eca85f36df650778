/*  =========================================================================
    ablation - the core without one of its rules

    Shows that the simulator sees what a rule is for.  The linker is told to
    wrap what is replaced, so that the product knows nothing of it.
    =========================================================================
*/

#ifndef SIM_ABLATION_H
#define SIM_ABLATION_H

#include "sim/options.h"

//  From now on, in all worlds, leave out the rules that the options switch off:
//  stamps_only, no_window and no_late_acks.
void
ablation_set (const world_options_t *options);

#endif
