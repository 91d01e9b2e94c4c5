#include "decoder/bytes/cursor.hpp"

#include "decoder/bytes/byte_reader.hpp"

namespace coredepot::decoder {
namespace {

constexpr unsigned kPayloadBits = 7;
constexpr unsigned kWidth = 32;
constexpr std::uint32_t kMore = 0x80;
constexpr std::uint32_t kSign = 0x40;

}  // namespace

std::uint8_t Cursor::u8() {
    const auto bytes = take(1);
    return bytes.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(bytes[0]);
}

std::uint16_t Cursor::u16() {
    const std::uint32_t low = u8();
    return static_cast<std::uint16_t>(low | static_cast<std::uint32_t>(u8()) << 8U);
}

std::uint32_t Cursor::u32() {
    const auto bytes = take(4);
    return bytes.empty() ? 0 : load_u32(bytes);
}

std::uint32_t Cursor::uleb() {
    std::uint32_t value = 0;
    std::uint32_t byte = kMore;
    for (unsigned shift = 0; (byte & kMore) != 0 && ok_; shift += kPayloadBits) {
        byte = u8();
        value |= shift < kWidth ? (byte & ~kMore) << shift : 0;
    }
    return value;
}

std::int32_t Cursor::sleb() {
    std::uint32_t value = 0;
    std::uint32_t byte = kMore;
    unsigned shift = 0;
    for (; (byte & kMore) != 0 && ok_; shift += kPayloadBits) {
        byte = u8();
        value |= shift < kWidth ? (byte & ~kMore) << shift : 0;
    }
    if ((byte & kSign) != 0 && shift < kWidth) {
        value |= ~std::uint32_t{0} << shift;
    }
    return static_cast<std::int32_t>(value);
}

std::span<const std::byte> Cursor::take(std::size_t count) {
    if (!ok_ || count > bytes_.size() - offset_) {
        ok_ = false;
        return {};
    }
    const auto taken = bytes_.subspan(offset_, count);
    offset_ += count;
    return taken;
}

}  // namespace coredepot::decoder
