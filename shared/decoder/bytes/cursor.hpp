#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace coredepot::decoder {

/// Reads debug information from front to back. Unlike with ByteReader, running over the end does
/// not condemn the whole input, only the current entry: reads then give zeros, and ok() is false.
class Cursor {
  public:
    explicit Cursor(std::span<const std::byte> bytes) : bytes_{bytes} {}

    std::uint8_t u8() {
        const auto byte = take(1);
        return byte.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(byte.front());
    }
    std::uint16_t u16();
    std::uint32_t u32();
    std::uint32_t uleb();  ///< LEB128; bits beyond the lowest 32 are dropped
    std::int32_t sleb();
    std::string_view text();  ///< a text that ends with a NUL, without the NUL
    std::span<const std::byte> take(std::size_t count) {
        if (!ok_ || count > bytes_.size() - offset_) {
            fail();
            return {};
        }
        const auto taken = bytes_.subspan(offset_, count);
        offset_ += count;
        return taken;
    }
    /// The remaining bytes; the cursor stays where it is.
    std::span<const std::byte> rest() const { return bytes_.subspan(offset_); }

    /// To be called when the bytes that were read make no sense.
    void fail() { ok_ = false; }
    bool ok() const { return ok_; }
    bool at_end() const { return !ok_ || offset_ == bytes_.size(); }
    std::size_t offset() const { return offset_; }

  private:
    std::span<const std::byte> bytes_;
    std::size_t offset_ = 0;
    bool ok_ = true;
};

}  // namespace coredepot::decoder
