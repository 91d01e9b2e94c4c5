#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/time.hpp"

namespace coredepot::http {

/// Where a page of a list ended, as a text that clients send back to get the next one. It means
/// nothing to clients, so we may change the order of a list. A cursor from before such a change, or
/// from another list, is invalid. It is not secret and proves nothing: whoever makes one up just
/// gets to another place in a list that they may read anyway.
///
/// It contains the position's fields and part of a hash of them and of the list's name, which tells
/// the list that it belongs to.
class Cursor {
  public:
    /// `list`: its name and filters, such as `coredumps of 17`.
    explicit Cursor(std::string list) : list_(std::move(list)) {}

    /// Lower-case hex digits. Fields must not contain newlines.
    std::string write(const std::vector<std::string>& fields) const;

    /// The fields; empty when `text` is not a cursor of this list with `count` fields.
    std::optional<std::vector<std::string>> read(std::string_view text, std::size_t count) const;

  private:
    std::string digest(std::string_view fields) const;

    std::string list_;
};

/// A field that holds a time in microseconds since 1970; empty when it does not, or when PostgreSQL
/// could not store it (outside the years 1 to 9999).
std::optional<Timestamp> to_time(std::string_view field);
std::string to_field(Timestamp time);

}  // namespace coredepot::http
