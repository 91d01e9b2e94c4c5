// What the sources of the pairs' program share.
#pragma once

using size_t = decltype(sizeof 0);

extern "C" {
extern volatile int crash;
extern volatile int sink;
extern volatile int* volatile nowhere;

/// A side effect that no compiler leaves out.
void print(const char* text);
[[noreturn]] void abort();
/// `details` is the panic reason of the core dump.
[[noreturn]] void esp_system_abort(const char* details);
}

inline int store(int value) {
    *nowhere = value;
    return sink + value;
}

/// The crashes of the other sources, by number; 0 for what is none of theirs.
int crash_in_text(int which);
int crash_in_tasks(int which);
int crash_in_components(int which);
