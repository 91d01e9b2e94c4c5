// Arrays whose length only the call tells: what the decoder's tests of them read. Never runs.
// `regenerate` makes vla.elf from it.

#include <stdint.h>

void crash(const void *a, const void *b, const void *c) {
    *(volatile int *)(uintptr_t)a = (int)(uintptr_t)b + (int)(uintptr_t)c;
}

void fill(int n) {
    int numbers[n];
    char name[n + 1];
    int16_t table[n][2];
    numbers[0] = 1;
    name[0] = 'a';
    table[0][0] = 2;
    crash(numbers, name, table);
    crash(name, numbers, table);
}

void _start(void) {
    fill(3);
}
