// One bug, compiled for two CPUs: a store through a null pointer. What the decoder's test of signatures
// of several chips reads. Never runs. `regenerate` makes the ELFs of it.

struct Relay {
    int duty;
    int on;
};

volatile int sink;
struct Relay *volatile board;

static __attribute__((noinline)) int drive(struct Relay *relay, int duty) {
    sink = duty;
    relay->on = duty;
    return sink;
}

__attribute__((noinline)) int regulate(int zone) {
    sink = zone;
    return drive(board, zone + sink) + 1;
}

__attribute__((used)) int app_main(void) {
    return regulate(3) + sink;
}
