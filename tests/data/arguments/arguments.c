// Arguments in floating point registers, which no core dump holds, and arguments that are handed from
// call to call and kept nowhere: what the decoder's tests of arguments read. Never runs. `regenerate`
// makes arguments.elf from it.

int sink;

__attribute__((noipa)) int fault(int n) {
    sink = n;
    return n + 1;
}

__attribute__((noipa)) float filter(float k, int n) {
    float sum = (float)n;
    return (float)fault(n) + sum * k;
}

__attribute__((noipa)) float outer(float x, int n) {
    float y = filter(2.5f, n);
    return y * x;
}

__attribute__((noipa)) int recurse(int depth, int *counter) {
    if (depth == 0) return fault(1);
    int deeper = recurse(depth - 1, counter);
    sink = deeper;
    return deeper + 1;
}

void _start(void) {
    sink = (int)outer(1.25f, sink);
    sink = recurse(20, &sink);
}

__attribute__((noipa)) int handler(int event, int *counter) {
    int result = fault(1);
    sink = result;
    return result + 1;
}

// The pointer stays in a register that callback() has to preserve.
__attribute__((noipa)) int dispatch(int (*callback)(int, int *), int event) {
    int first = callback(event + 3, &sink);
    return callback(event, &sink) + first;
}

int (*volatile callback)(int, int *);

int dispatch_all(void) {
    return dispatch(callback, 4) + 1;
}
