#include "http/cursor.hpp"

#include "sha256.hpp"
#include "text/hex.hpp"
#include "text/integers.hpp"

namespace coredepot::http {
namespace {

/// Hex digits of the hash, which guards against mistakes and not against attackers.
constexpr std::size_t kDigest = 8;
constexpr char kSeparator = '\n';

std::vector<std::string> split(std::string_view joined) {
    std::vector<std::string> fields;
    while (true) {
        const auto end = joined.find(kSeparator);
        fields.emplace_back(joined.substr(0, end));
        if (end == std::string_view::npos) return fields;
        joined.remove_prefix(end + 1);
    }
}

}  // namespace

std::string Cursor::digest(std::string_view fields) const {
    return sha256_hex(list_ + kSeparator + std::string(fields)).substr(0, kDigest);
}

std::string Cursor::write(const std::vector<std::string>& fields) const {
    std::string joined;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0) joined += kSeparator;
        joined += fields[i];
    }
    return digest(joined) + to_hex(joined);
}

std::optional<std::vector<std::string>> Cursor::read(std::string_view text,
                                                     std::size_t count) const {
    if (text.size() < kDigest) return std::nullopt;
    const auto joined = from_hex(text.substr(kDigest));
    if (!joined || digest(*joined) != text.substr(0, kDigest)) return std::nullopt;
    auto fields = split(*joined);
    if (fields.size() != count) return std::nullopt;
    return fields;
}

std::optional<Timestamp> to_time(std::string_view field) {
    using namespace std::chrono;
    constexpr Timestamp kFirst = sys_days(year(1) / January / 1);
    constexpr Timestamp kEnd = sys_days(year(10'000) / January / 1);
    const auto number = parse_integer(field);
    if (!number) return std::nullopt;
    const Timestamp time{microseconds(*number)};
    if (time < kFirst || time >= kEnd) return std::nullopt;
    return time;
}

std::string to_field(Timestamp time) {
    return std::to_string(time.time_since_epoch().count());
}

}  // namespace coredepot::http
