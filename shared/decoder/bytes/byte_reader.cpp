#include "decoder/bytes/byte_reader.hpp"

#include <algorithm>
#include <string>

#include "decoder/limits/undecodable.hpp"

namespace coredepot::decoder {

std::uint32_t load_u32(std::span<const std::byte> bytes) {
    return std::to_integer<std::uint32_t>(bytes[0]) |
           std::to_integer<std::uint32_t>(bytes[1]) << 8U |
           std::to_integer<std::uint32_t>(bytes[2]) << 16U |
           std::to_integer<std::uint32_t>(bytes[3]) << 24U;
}

std::uint64_t load_number(std::span<const std::byte> bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) {
        value = value << kBitsPerByte | std::to_integer<std::uint64_t>(bytes[i]);
    }
    return value;
}

std::uint16_t ByteReader::u16() {
    const auto bytes = take(2);
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(bytes[0]) |
                                      std::to_integer<unsigned>(bytes[1]) << 8U);
}

std::uint32_t ByteReader::u32() {
    return load_u32(take(4));
}

std::span<const std::byte> ByteReader::take(std::size_t count) {
    if (count > remaining()) {
        throw Undecodable{"the core dump is truncated: " + std::string{what_} + " needs " +
                          std::to_string(count) + " bytes at offset " + std::to_string(offset_) +
                          ", where " + std::to_string(remaining()) + " are left"};
    }
    const auto taken = bytes_.subspan(offset_, count);
    offset_ += count;
    return taken;
}

void ByteReader::align4() {
    offset_ = std::min(bytes_.size(), (offset_ + 3) & ~std::size_t{3});
}

}  // namespace coredepot::decoder
