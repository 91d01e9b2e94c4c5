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

}  // namespace coredepot
