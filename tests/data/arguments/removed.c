// An argument that the compiler removed, as the function needs it no more: what the decoder's tests of
// arguments read. Never runs. `regenerate` makes removed.elf from it.

int sink;
int other;

__attribute__((noipa)) int fault(int n) {
    sink = n;
    return n + 1;
}

static __attribute__((noinline)) int measure(int *counter, int n) {
    int result = fault(n);
    sink = result;
    return result + n;
}

void _start(void) {
    sink = measure(&sink, sink + 3) + 1;
    sink = measure(&other, sink + 4) + 2;
}
