#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace coredepot {

/// Why something could not be unpacked.
enum class GzipFault : std::uint8_t {
    Damaged,   ///< not gzip, cut off, with a wrong checksum, or with something after it
    TooLarge,  ///< it unpacks to more than the limit
};

/// Unpacks `packed`, gzip of one or more members (RFC 1952), to at most `limit` bytes. It never
/// holds more than that.
std::variant<std::string, GzipFault> gunzip(std::string_view packed, std::size_t limit);

/// Packs `text` as gzip of one member, with the smallest header: ten bytes.
std::string gzip(std::string_view text);

/// Makes gzip of one member that unpacks to `head` followed by the content of `tail`. `tail` must
/// come from gzip() and is copied as it is. `head` is stored without compression, because packing a
/// short text takes longer than sending it. Throws std::invalid_argument when `tail` is not like
/// that. (Two members in a row would be gzip as well, but browsers read only the first.)
std::string gzip_behind(std::string_view head, std::string_view tail);

}  // namespace coredepot
