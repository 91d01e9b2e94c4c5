// Functions whose debug information is inside of other functions' or in a class, and names that
// trip a demangler: what the decoder's tests of nested functions read. Never runs. `regenerate`
// makes nested.elf from it.

int sink;

struct Cooperator {
    template <typename T>
    __attribute__((noinline)) T work(T x);
    int operator+=(int x);
};

template <typename T>
T Cooperator::work(T x) {
    sink = static_cast<int>(x);
    return x + 1;
}

int Cooperator::operator+=(int x) {
    sink = x;
    return static_cast<int>(work<long>(x));
}

int with_local_class(int n) {
    struct Helper {
        int k;
        __attribute__((noinline)) int go(int m) {
            sink = m;
            return k * m;
        }
    };
    Helper helper{n};
    return helper.go(2) + helper.go(sink);
}

int with_lambda(int gain) {
    const auto scaled = [gain](int v) __attribute__((noinline)) {
        const auto raised = [gain](int w) {
            sink = w;
            return w + gain;
        };
        return raised(v) * gain;
    };
    return scaled(2) + scaled(sink);
}

extern "C" void _start() {
    Cooperator cooperator;
    sink = (cooperator += sink) + with_local_class(sink) + with_lambda(sink);
}
