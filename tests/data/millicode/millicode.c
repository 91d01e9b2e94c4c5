// Functions that have libgcc save registers for them, as `-msave-restore` asks for: what the decoder's
// tests stop in the middle of. `regenerate` makes the ELFs and `steps` of it.

__attribute__((aligned(16))) char stack[1024];
volatile int sink;

#define APART __attribute__((noipa))

APART int leaf(int n) {
    sink = n;
    return n + 1;
}

// Each keeps so many values over calls that it needs another number of registers for them.
APART int two(int a, int b) {
    int x = leaf(a);
    return leaf(b) * x + b;
}

APART int six(int a, int b, int c) {
    int x = two(a, b), y = two(b, c), z = leaf(c);
    return leaf(x) + x * y + y * z + a + b + c;
}

APART int ten(int a, int b, int c, int d, int e) {
    int v = six(a, b, c), w = leaf(b), x = leaf(c), y = leaf(d), z = leaf(e);
    return leaf(v) + v * w + w * x + x * y + y * z + a + b + c + d + e;
}

APART int twelve(int a, int b, int c, int d, int e, int f) {
    int u = ten(a, b, c, d, e), v = leaf(a), w = leaf(b), x = leaf(c), y = leaf(d), z = leaf(f);
    return leaf(u) + u * v + v * w + w * x + x * y + y * z + a + b + c + d + e + f;
}

int app_main(void) {
    int sum = twelve(1, 2, 3, 4, 5, 6);
    sink = sum;
    return sum;
}

__attribute__((naked)) void _start(void) {
    __asm__(".cfi_undefined ra\n"
            ".option norelax\n"
            "la sp, stack + 1024\n"
            "call app_main\n"
            "ebreak");
}
