#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coredepot::core {

/// Whether an index of trigrams (PostgreSQL's pg_trgm) helps to find text that has `part` somewhere
/// in it. Words are of letters and digits; before each stand two blanks and behind it one, as far
/// as `part` says where it begins and ends. Any three of these are a trigram. Without one, a search
/// looks at all rows there are. What is not ASCII counts as letters.
bool has_trigram(std::string_view part);

/// Throws ValidationFailed, about the parameter q, unless `text` is at most so many bytes of text
/// that has a trigram.
void require_searchable(const std::string& text, std::size_t most);

}  // namespace coredepot::core
