#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/time.hpp"

namespace coredepot::http {

/// Where a page of a list ended, as a text that clients bring back for the next one. It means
/// nothing to them, so that what a list is ordered by may change; after such a change, and for
/// another list, an old one is bad. It is no secret and proves nothing: who makes one up gets to
/// another place in a list that is open to them anyway.
///
/// In it: the position's fields, and enough of a hash of them and of the list's name to know which
/// list they belong to.
class Cursor {
  public:
    /// `list`: its name and what it was narrowed to, such as `coredumps of 17`.
    explicit Cursor(std::string list) : list_(std::move(list)) {}

    /// Lower-case hex digits. No field has a newline.
    std::string write(const std::vector<std::string>& fields) const;

    /// The fields; empty when `text` is no cursor of this list with so many.
    std::optional<std::vector<std::string>> read(std::string_view text, std::size_t count) const;

  private:
    std::string digest(std::string_view fields) const;

    std::string list_;
};

/// A field that is a time in microseconds since 1970; empty when it is none, or none that
/// PostgreSQL has a place for: years 1 to 9999.
std::optional<Timestamp> to_time(std::string_view field);
std::string to_field(Timestamp time);

}  // namespace coredepot::http
