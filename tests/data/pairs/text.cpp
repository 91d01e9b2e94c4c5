// Panics with a text of the firmware's own, functions of its own that end in abort(), and what an
// optimizer leaves of some calls.

#include "system.hpp"

namespace {

char text[64];

void add(char*& end, const char* part) {
    while (*part != '\0') *end++ = *part++;
    *end = '\0';
}

/// `cannot join 'Home': -3`
[[noreturn, gnu::noinline]] void give_up(const char* what, const char* ssid, const char* code) {
    char* end = text;
    const char* const parts[] = {what, " '", ssid, "': ", code};
    for (const char* part : parts) add(end, part);
    esp_system_abort(text);
}

[[gnu::noinline]] int join(const char* ssid, const char* code) {
    if (crash != 0) give_up("cannot join", ssid, code);
    return sink;
}
[[gnu::noinline]] int leave(const char* ssid, const char* code) {
    if (crash != 0) give_up("cannot leave", ssid, code);
    return sink + 1;
}

[[noreturn, gnu::noinline]] void app_fatal(int code) {
    sink = code;
    abort();
}
[[gnu::noinline]] int check_pump(int level) {
    if (level < crash) app_fatal(level);
    return level;
}
[[gnu::noinline]] int check_valve(int level) {
    if (level < crash) app_fatal(level + 1);
    return level - 1;
}

// It does not return and saves nothing: it may keep no return address.
[[noreturn, gnu::noinline]] void stop() {
    abort();
}
[[gnu::noinline]] int check_door(int level) {
    if (level < crash) stop();
    return level - 2;
}

// Where the last calls are jumps, nothing tells which of two ways led to fill().
[[gnu::noinline]] int fill(int n) {
    *nowhere = n;
    return sink + n;
}
[[gnu::noinline]] int fill_fast(int n) {
    sink = n;
    return fill(n + 1);
}
[[gnu::noinline]] int fill_slow(int n) {
    sink = n + 2;
    return fill(n + 3);
}
[[gnu::noinline]] int refill(int n) {
    sink = 2 * n;
    return n < sink ? fill_fast(n) : fill_slow(n);
}

}  // namespace

int crash_in_text(int which) {
    switch (which) {
        case 20:
            return join("Home", "-3");
        case 21:
            return join("Caf\xc3\xa9 2", "-17");
        case 22:
            return leave("Home", "-3");
        case 23:
            return check_pump(2) + sink;
        case 24:
            return check_valve(3) + sink;
        case 60:
            return check_door(4) + sink;
        case 61:
            return refill(crash) - sink;
        default:
            return 0;
    }
}
