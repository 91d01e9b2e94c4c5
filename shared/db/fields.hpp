#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <pqxx/pqxx>

#include "domain/time.hpp"
#include "text/hex.hpp"
#include "text/integers.hpp"

namespace coredepot::db {

/// The fields of a row. Read each once, in the order of the statement. Reading them by name would
/// make libpq compare all names of the result for every field of every row, which for a list is
/// more work than the statement itself.
///
/// Use a braced list, `Device{fields.integer(), fields.name<DeviceKey>()}`: the language evaluates
/// it from left to right, unlike a call's arguments. Throws std::logic_error when a field has
/// another type, that is, when statement and reader disagree.
class Fields {
  public:
    explicit Fields(const pqxx::row& row) : next_(row.begin()) {}

    template <std::integral T = std::int64_t>
    T integer() {
        return to_integer<T>(text());
    }

    std::optional<std::int64_t> optional_integer() {
        const auto digits = optional_text();
        if (!digits) return std::nullopt;
        return to_integer<std::int64_t>(*digits);
    }

    bool truth() { return text() == "t"; }

    /// Valid as long as the result, which this object keeps.
    std::string_view text() & {
        if (auto value = optional_text()) return *value;
        throw std::logic_error("a field is null");
    }
    std::optional<std::string_view> optional_text() & {
        // A pqxx::field for each would be more work than what we read from it.
        std::optional<std::string_view> value;
        if (!next_->is_null()) value = std::string_view(next_->c_str(), next_->size());
        ++next_;
        return value;
    }

    std::string string() { return std::string(text()); }
    std::optional<std::string> optional_string() {
        const auto value = optional_text();
        if (!value) return std::nullopt;
        return std::string(*value);
    }

    /// A bytea, which a session writes as `\x` and hex digits.
    std::optional<std::string> optional_bytes() {
        const auto value = optional_text();
        if (!value) return std::nullopt;
        auto bytes = from_hex(value->substr(std::min<std::size_t>(value->size(), 2)));
        if (!bytes || !value->starts_with("\\x")) throw std::logic_error("not bytes as digits");
        return bytes;
    }

    /// A name of domain/names.hpp.
    template <class Name>
    Name name() {
        return Name::trusted(text());
    }
    template <class Name>
    std::optional<Name> optional_name() {
        const auto value = optional_text();
        if (!value) return std::nullopt;
        return Name::trusted(*value);
    }

    /// The result of microseconds(), which turns a timestamptz into a number. So it does not depend
    /// on session settings, and there is nothing to parse.
    Timestamp timestamp() { return Timestamp(std::chrono::microseconds(integer())); }
    std::optional<Timestamp> optional_timestamp() {
        const auto value = optional_integer();
        if (!value) return std::nullopt;
        return Timestamp(std::chrono::microseconds(*value));
    }

    /// A timestamptz as text, for lists: a session writes it in UTC and almost as ISO 8601
    /// (`2026-02-11 14:30:00.123456+00`). Making a number of it would take the server twice as
    /// long.
    Timestamp moment() { return to_moment(text()); }
    std::optional<Timestamp> optional_moment() {
        const auto value = optional_text();
        if (!value) return std::nullopt;
        return to_moment(*value);
    }

  private:
    static Timestamp to_moment(std::string_view text) {
        constexpr std::string_view kUtc = "+00";
        constexpr std::size_t kDate = sizeof "2026-02-11" - 1;
        std::string iso(text);
        if (iso.size() > kDate && iso.ends_with(kUtc)) {
            iso[kDate] = 'T';
            iso.replace(iso.size() - kUtc.size(), kUtc.size(), "Z");
        }
        if (const auto time = from_iso8601(iso)) return *time;
        throw std::logic_error("not a time in UTC: " + iso);
    }

    template <class T>
    static T to_integer(std::string_view digits) {
        if (const auto number = parse_integer<T>(digits)) return *number;
        throw std::logic_error("not an integer of this size: " + std::string(digits));
    }

    pqxx::row::const_iterator next_;
};

}  // namespace coredepot::db
