#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace coredepot {
namespace {

constexpr std::size_t kLongest = sizeof "2026-02-11T14:30:00.123456Z";

/// The last so many digits of a number. (snprintf would take most of the time that it takes to
/// answer a list of core dumps.)
void append(std::string& text, std::int64_t number, std::size_t digits) {
    text.append(digits, '0');
    for (auto at = text.rbegin(); digits > 0; --digits, ++at, number /= 10) {
        *at = static_cast<char>('0' + number % 10);
    }
}

/// With what stands between the numbers: of the date, of the time, before the microseconds.
std::string format(Timestamp time, std::string_view dash, std::string_view colon,
                   std::string_view point) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    std::string text;
    text.reserve(kLongest);
    append(text, static_cast<int>(date.year()), 4);
    append(text += dash, static_cast<unsigned>(date.month()), 2);
    append(text += dash, static_cast<unsigned>(date.day()), 2);
    append(text += 'T', clock.hours().count(), 2);
    append(text += colon, clock.minutes().count(), 2);
    append(text += colon, clock.seconds().count(), 2);
    append(text += point, clock.subseconds().count(), 6);
    return text += 'Z';
}

}  // namespace

Timestamp now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string to_iso8601(Timestamp time) {
    return format(time, "-", ":", ".");
}

std::string to_compact(Timestamp time) {
    return format(time, "", "", "_");
}

}  // namespace coredepot
