// A library that comes without debug information: its functions have the names of its symbols,
// with what the compiler adds to them.

#include "components.hpp"

namespace closed {

struct Voice {
    int pitch;
    int level;
    int filler;
};

// Of the arguments only a part is used: `.isra.0`, `.constprop.0`.
[[gnu::noinline]] static int mix(const Voice& voice, int scale, const char* name) {
    print("mix");
    return store(voice.level * scale) + (name != nullptr ? 1 : 2);
}
// The rare part is a function of its own: `.part.0`.
static int resample(const Voice& voice, int rate) {
    if (__builtin_expect(rate == 0, 1)) return 0;
    print("resample");
    int sum = 0;
    for (int i = 0; i < rate; ++i) sum += mix(voice, 3, "a");
    return sum + sink;
}

}  // namespace closed

[[gnu::noinline]] int closed_play(int n) {
    closed::Voice voice{n, n + 1, 0};
    return closed::resample(voice, n) + closed::resample(voice, sink) + sink;
}
[[gnu::noinline]] int closed_record(int n) {
    closed::Voice voice{n, n - 1, 0};
    return closed::resample(voice, n) - closed::resample(voice, sink) - sink;
}
