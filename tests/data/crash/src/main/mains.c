// SPDX-License-Identifier: MIT
#include "main/mains.h"
#include "kernel/interrupt.h"

static volatile uint32_t mains_crossings;

static void mains_crossing_isr(void *arg) {
    struct mains_listener *listener = arg;
    listener->crossings++;
}

void mains_listen(struct mains_listener *listener) {
    interrupt_later(mains_crossing_isr, listener);
}

uint32_t mains_wait_for_crossing(void) {
    uint32_t before = mains_crossings;
    while (mains_crossings == before) {
    }
    return mains_crossings;
}
