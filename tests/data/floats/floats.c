// Functions that get eight floats each in fa0 to fa7, in builds for a CPU with F. What they get is
// known: 1.5, 2.5, ... in inner(), 11.5 and so on in middle(), 21.5 in outer(). `regenerate` makes
// the ELFs and `stops` of it.

#include "floats.h"

__attribute__((aligned(16), used)) char stack[2048];
volatile int *volatile nowhere;
volatile int sink;
volatile float numbers[24] = {1.5f,  2.5f,  3.5f,  4.5f,  5.5f,  6.5f,  7.5f,  8.5f,
                              11.5f, 12.5f, 13.5f, 14.5f, 15.5f, 16.5f, 17.5f, 18.5f,
                              21.5f, 22.5f, 23.5f, 24.5f, 25.5f, 26.5f, 27.5f, 28.5f};

#define PASSED(n)                                                                                \
    numbers[n], numbers[n + 1], numbers[n + 2], numbers[n + 3], numbers[n + 4], numbers[n + 5], \
        numbers[n + 6], numbers[n + 7]

// No core dump holds what its arguments are in.
__attribute__((noipa)) float fault(float k, int n) {
    *nowhere = n;
    return k + (float)n;
}

__attribute__((noipa)) float middle(FLOATS, int n) {
    float inside = inner(PASSED(0), n + 1);
    return inside + a * b + c * d + e * f + g * h;
}

// Hands on half of what it got, and uses the rest no more.
__attribute__((noipa)) float outer(FLOATS, int n) {
    sink = (int)(e + f + g + h);
    float inside = middle(PASSED(8), n + 1);
    return inside + a + b + c + d;
}

__attribute__((used)) int app_main(void) {
    sink = (int)outer(PASSED(16), sink);
    return sink;
}

__attribute__((naked)) void _start(void) {
    __asm__(".cfi_undefined ra\n"
            ".option norelax\n"
            "la gp, __global_pointer$\n"
            "la sp, stack + 2048\n"
            "call app_main\n"
            "ebreak\n");
}
