#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coredepot::core {

/// Whether an index of trigrams (PostgreSQL's pg_trgm) helps to find texts that contain `part`.
/// Words consist of letters and digits. pg_trgm puts two blanks before each word and one after it,
/// which count here only where `part` shows that a word begins or ends. Any three characters in a
/// row are a trigram. Without a trigram, a search looks at every row. Characters outside ASCII
/// count as letters.
bool has_trigram(std::string_view part);

/// Throws ValidationFailed, about the parameter q, unless `text` has at most `most` characters, is
/// valid text and has a trigram.
void require_searchable(const std::string& text, std::size_t most);

}  // namespace coredepot::core
