// SPDX-License-Identifier: MIT
// Which fault the image ends with: a word at a fixed place in it (offset 288 of the .bin), which
// `regenerate` patches, so that one ELF and one firmware bundle serve dumps of every kind.
#pragma once

enum fault_kind {
    FAULT_NULL_STORE = 0,
    FAULT_ILLEGAL_INSTRUCTION = 1,
    FAULT_ABORT = 2,
    FAULT_ASSERT = 3,
    FAULT_STACK_OVERFLOW = 4, // of the task `sensor`, before anything else
    FAULT_TASK_WATCHDOG = 5,
    FAULT_INTERRUPT = 6,
};

enum fault_kind fault_wanted(void);

// Raises the fault that is wanted where there is no `relay`; returns when that is the null store of
// the caller.
void fault_raise(const void *relay);
