// Crashes in code that is somebody else's, and in functions of one name in two files.

#include "components.hpp"

namespace {

/// A name with dots that are no compiler's suffix.
template <typename Signature>
struct Sink;
template <typename Result, typename... Arguments>
struct Sink<Result(Arguments..., ...)> {
    int level = 0;
    [[gnu::noinline]] int write(int value) {
        level += value;
        return store(level) + value;
    }
};

int log_line(int n) {
    Sink<void(const char*, ...)> log;
    return log.write(n) + sink;
}

[[gnu::noinline]] int show_picture(int n) {
    return codec_decode(n) + sink;
}
[[gnu::noinline]] int read_picture(int n) {
    return codec_decode(n + 1) - sink;
}

[[gnu::noinline]] int play(int n) {
    return closed_play(n) + sink;
}
[[gnu::noinline]] int record(int n) {
    return closed_record(n) - sink;
}

}  // namespace

int crash_in_components(int which) {
    switch (which) {
        case 50:
            return log_line(3);
        case 51:
            return show_picture(4);
        case 52:
            return read_picture(5);
        case 53:
            return wifi_event()(6) + sink;
        case 54:
            return mqtt_event()(7) + sink;
        case 55:
            return play(8);
        case 56:
            return record(9);
        default:
            return 0;
    }
}
