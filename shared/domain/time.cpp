#include "domain/time.hpp"

#include <array>
#include <cstdio>

namespace coredepot {
namespace {

std::string format(Timestamp time, const char* layout) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    std::array<char, 64> text{};
    std::snprintf(
        text.data(), text.size(), layout, static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return text.data();
}

}  // namespace

Timestamp now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string to_iso8601(Timestamp time) {
    return format(time, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ");
}

std::string to_compact(Timestamp time) {
    return format(time, "%04d%02u%02uT%02d%02d%02d_%06dZ");
}

}  // namespace coredepot
