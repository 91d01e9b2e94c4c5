#include "domain/coredump.hpp"

#include <stdexcept>
#include <string_view>

#include "text/integers.hpp"

namespace coredepot {

DumpFilename dump_filename(Timestamp uploaded_at) {
    return DumpFilename::trusted("coredump_" + to_compact(uploaded_at) + ".dmp");
}

std::optional<Timestamp> uploaded_at(const DumpFilename& filename) {
    using namespace std::chrono;
    // coredump_YYYYMMDDTHHMMSS_ffffffZ.dmp. The filename's rule has already checked the digits.
    const auto number = [&](std::size_t at, std::size_t digits) {
        return parse_integer<int>(std::string_view(filename.str()).substr(at, digits)).value();
    };
    const year_month_day date(year(number(9, 4)), month(static_cast<unsigned>(number(13, 2))),
                              day(static_cast<unsigned>(number(15, 2))));
    const Timestamp time = sys_days(date) + hours(number(18, 2)) + minutes(number(20, 2)) +
                           seconds(number(22, 2)) + microseconds(number(25, 6));
    if (!date.ok() || dump_filename(time) != filename) return std::nullopt;
    return time;
}

std::string_view to_string(ParseStatus status) {
    switch (status) {
        case ParseStatus::Pending:
            return "PENDING";
        case ParseStatus::Parsed:
            return "PARSED";
        case ParseStatus::Error:
            return "ERROR";
    }
    throw std::logic_error("no such parse status");
}

ParseStatus parse_status_from(std::string_view text) {
    for (const auto status : {ParseStatus::Pending, ParseStatus::Parsed, ParseStatus::Error}) {
        if (to_string(status) == text) return status;
    }
    throw std::logic_error("unknown parse status in the database");
}

}  // namespace coredepot
