#include "decoder/bytes/cursor.hpp"

#include "decoder/bytes/byte_reader.hpp"

namespace coredepot::decoder {
namespace {

constexpr unsigned kPayloadBits = 7;
constexpr unsigned kWidth = 32;
constexpr std::uint32_t kMore = 0x80;
constexpr std::uint32_t kSign = 0x40;

}  // namespace

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

std::string_view Cursor::text() {
    const auto* const text = reinterpret_cast<const char*>(rest().data());
    const auto length = std::string_view{text, rest().size()}.find('\0');
    if (!ok_ || length == std::string_view::npos) {
        fail();
        return {};
    }
    offset_ += length + 1;
    return {text, length};
}

}  // namespace coredepot::decoder
