#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <pqxx/pqxx>

#include "domain/time.hpp"
#include "text/integers.hpp"

namespace coredepot::db {

/// A row's fields, each read once and in the order in which the statement names them. By name,
/// libpq compares with all names of the result, for every field of every row: for a list that is
/// more work than the statement itself.
///
/// To be read in a braced list, `Device{fields.integer(), fields.name<DeviceKey>()}`, which the
/// language evaluates from left to right, as it does not a call's arguments. Throws
/// std::logic_error when a field is not what it is read as: then statement and reader differ.
class Fields {
  public:
    explicit Fields(const pqxx::row& row) : row_(row) {}

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

    /// As long as the result lives, which this keeps.
    std::string_view text() & {
        if (auto value = optional_text()) return *value;
        throw std::logic_error("a field is null");
    }
    std::optional<std::string_view> optional_text() & {
        const auto field = row_[next_++];
        if (field.is_null()) return std::nullopt;
        return std::string_view(field.c_str(), field.size());
    }

    std::string string() { return std::string(text()); }
    std::optional<std::string> optional_string() {
        const auto value = optional_text();
        if (!value) return std::nullopt;
        return std::string(*value);
    }

    /// One of domain/names.hpp.
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

    /// Of microseconds(), which makes a number of a timestamptz: nothing of a session's settings is
    /// in it, nor anything to be parsed.
    Timestamp timestamp() { return Timestamp(std::chrono::microseconds(integer())); }
    std::optional<Timestamp> optional_timestamp() {
        const auto value = optional_integer();
        if (!value) return std::nullopt;
        return Timestamp(std::chrono::microseconds(*value));
    }

  private:
    template <class T>
    static T to_integer(std::string_view digits) {
        if (const auto number = parse_integer<T>(digits)) return *number;
        throw std::logic_error("not an integer of this size: " + std::string(digits));
    }

    pqxx::row row_;
    pqxx::row::size_type next_ = 0;
};

}  // namespace coredepot::db
