#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace coredepot {

/// Why there is nothing unpacked.
enum class GzipFault : std::uint8_t {
    Damaged,   ///< no gzip, cut off, its checksum is another, or something follows it
    TooLarge,  ///< it unpacks to more than was asked for
};

/// What `packed`, gzip of one or more members (RFC 1952), unpacks to, if that has at most `limit`
/// bytes. No more than these are ever held.
std::variant<std::string, GzipFault> gunzip(std::string_view packed, std::size_t limit);

/// `text` as gzip of one member, whose header has nothing but what it must have: ten bytes.
std::string gzip(std::string_view text);

/// Gzip, of one member, of `head` and what `tail` unpacks to behind it. `tail` is as gzip() makes
/// it and goes in as it is; `head` goes in as it is, too, because to pack a short text takes longer
/// than to send it. Throws std::invalid_argument when `tail` is not like that. (Two members one
/// behind the other are gzip as well, of which browsers read the first.)
std::string gzip_behind(std::string_view head, std::string_view tail);

}  // namespace coredepot
