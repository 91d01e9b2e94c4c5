// Panics with a text of the firmware's own, and functions of its own that end in abort().

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
        default:
            return 0;
    }
}
