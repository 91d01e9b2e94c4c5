// SPDX-License-Identifier: MIT
// The mains: relays switch where its voltage crosses zero, so that their contacts last.
#pragma once

#include <stdint.h>

struct mains_listener {
    const char *name;
    uint32_t crossings; // offset 4: what mtval shows when the listener is null
};

// Has the interrupt of the next crossing counted in `listener`.
void mains_listen(struct mains_listener *listener);

// Returns how many crossings there were; not before the next one. There is none.
uint32_t mains_wait_for_crossing(void);
