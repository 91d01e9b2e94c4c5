#include "db/fields.hpp"

namespace coredepot::db {
namespace {

/// Reads a text from left to right.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}

    /// So many digits.
    int number(std::size_t digits) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) value = value * 10 + digit();
        return value;
    }

    /// What stands behind a point, if anything does, as six digits.
    int millionths() {
        if (text_.substr(0, 1) != ".") return 0;
        expect('.');
        int value = 0;
        for (int place = 100'000; place > 0 && text_.substr(0, 1) != "+"; place /= 10) {
            value += digit() * place;
        }
        return value;
    }

    void expect(char wanted) {
        if (text_.empty() || text_.front() != wanted) {
            good_ = false;
        } else {
            text_.remove_prefix(1);
        }
    }

    std::string_view rest() const { return text_; }
    bool is_good() const { return good_; }

  private:
    int digit() {
        if (text_.empty() || text_.front() < '0' || text_.front() > '9') {
            good_ = false;
            return 0;
        }
        const int value = text_.front() - '0';
        text_.remove_prefix(1);
        return value;
    }

    std::string_view text_;
    bool good_ = true;
};

}  // namespace

/// `2026-11-20 18:27:48.1234+00`: DateStyle ISO, TimeZone UTC.
Timestamp Fields::to_timestamp(std::string_view text) {
    using namespace std::chrono;
    Scanner scan(text);
    const auto year_number = scan.number(4);
    scan.expect('-');
    const auto month_number = static_cast<unsigned>(scan.number(2));
    scan.expect('-');
    const auto day_number = static_cast<unsigned>(scan.number(2));
    scan.expect(' ');
    const hours hour(scan.number(2));
    scan.expect(':');
    const minutes minute(scan.number(2));
    scan.expect(':');
    const seconds second(scan.number(2));
    const microseconds fraction(scan.millionths());
    const year_month_day date{year(year_number), month(month_number), day(day_number)};
    if (!scan.is_good() || !date.ok() || scan.rest() != "+00") {
        throw std::logic_error("not a time in UTC: " + std::string(text));
    }
    return sys_days(date) + hour + minute + second + fraction;
}

}  // namespace coredepot::db
