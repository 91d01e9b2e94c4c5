#include "domain/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "text/ascii.hpp"

namespace coredepot {
namespace {

constexpr std::size_t kLongest = sizeof "2026-02-11T14:30:00.123456Z";

/// Writes a time. (snprintf, or a string that grows piece by piece, would take most of the time of
/// answering a list of core dumps.)
class Text {
  public:
    /// Writes the last `digits` digits of a number.
    void number(std::int64_t number, std::size_t digits) {
        for (auto at = length_ + digits; at > length_; number /= 10) {
            bytes_.at(--at) = static_cast<char>('0' + number % 10);
        }
        length_ += digits;
    }
    void mark(std::string_view mark) {
        for (const char c : mark) bytes_.at(length_++) = c;
    }
    std::string str() const { return {bytes_.data(), length_}; }

  private:
    std::array<char, kLongest> bytes_{};
    std::size_t length_ = 0;
};

/// The separators stand within the date, within the time, and before the microseconds.
std::string format(Timestamp time, std::string_view dash, std::string_view colon,
                   std::string_view point) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    Text text;
    text.number(static_cast<int>(date.year()), 4);
    text.mark(dash);
    text.number(static_cast<unsigned>(date.month()), 2);
    text.mark(dash);
    text.number(static_cast<unsigned>(date.day()), 2);
    text.mark("T");
    text.number(clock.hours().count(), 2);
    text.mark(colon);
    text.number(clock.minutes().count(), 2);
    text.mark(colon);
    text.number(clock.seconds().count(), 2);
    text.mark(point);
    text.number(clock.subseconds().count(), 6);
    text.mark("Z");
    return text.str();
}

/// Reads a text from its start. After the first surprise it stays bad.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    int number(std::size_t digits) {
        int result = 0;
        for (; digits > 0; --digits) {
            good_ = good_ && !text_.empty() && is_digit(text_.front());
            if (!good_) return 0;
            result = result * 10 + (text_.front() - '0');
            text_.remove_prefix(1);
        }
        return result;
    }
    bool skip(char expected) {
        if (text_.empty() || ascii_lower(text_.front()) != ascii_lower(expected)) return false;
        text_.remove_prefix(1);
        return true;
    }
    void require(char expected) { good_ = skip(expected) && good_; }
    /// In microseconds; 0 when there is no fraction.
    std::int64_t fraction() {
        std::int64_t result = 0;
        std::int64_t unit = 100'000;
        for (; unit > 0 && !text_.empty() && is_digit(text_.front()); unit /= 10) {
            result += unit * (text_.front() - '0');
            text_.remove_prefix(1);
        }
        good_ = good_ && unit < 100'000;
        return result;
    }
    /// Whether everything was as expected and nothing is left.
    bool done() const { return good_ && text_.empty(); }

  private:
    std::string_view text_;
    bool good_ = true;
};

/// The offset from UTC at the end of a time.
std::chrono::minutes read_offset(Reader& reader) {
    const bool ahead = reader.skip('+');
    if (!ahead && !reader.skip('-')) {
        reader.require('Z');
        return {};
    }
    const int hours = reader.number(2);
    reader.require(':');
    const std::chrono::minutes offset(hours * 60 + reader.number(2));
    return ahead ? offset : -offset;
}

}  // namespace

std::optional<Timestamp> from_iso8601(std::string_view text) {
    using namespace std::chrono;
    Reader reader(text);
    const year in_year(reader.number(4));
    reader.require('-');
    const month in_month(static_cast<unsigned>(reader.number(2)));
    reader.require('-');
    const year_month_day date(in_year, in_month, day(static_cast<unsigned>(reader.number(2))));
    reader.require('T');
    const hours hour(reader.number(2));
    reader.require(':');
    const minutes minute(reader.number(2));
    reader.require(':');
    const seconds second(reader.number(2));
    const microseconds fraction(reader.skip('.') ? reader.fraction() : 0);
    const auto offset = read_offset(reader);
    if (!reader.done() || !date.ok() || date.year() < year(1)) return std::nullopt;
    if (hour >= days(1) || minute >= hours(1) || second >= minutes(1) || abs(offset) >= days(1)) {
        return std::nullopt;
    }
    const Timestamp time = sys_days(date) + hour + minute + second + fraction - offset;
    const year_month_day in_utc(floor<days>(time));
    if (in_utc.year() < year(1) || in_utc.year() > year(9999)) return std::nullopt;
    return time;
}

Timestamp now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string to_iso8601(Timestamp time) {
    return format(time, "-", ":", ".");
}

std::optional<std::string> to_iso8601(const std::optional<Timestamp>& time) {
    if (!time) return std::nullopt;
    return to_iso8601(*time);
}

std::string to_compact(Timestamp time) {
    return format(time, "", "", "_");
}

}  // namespace coredepot
