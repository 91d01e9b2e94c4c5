#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace coredepot::decoder {

/// Reads call frame information front to back. Unlike ByteReader, running over the end is no
/// verdict on the input, only on the entry at hand: reads then give zeros, and ok() says so.
class Cursor {
  public:
    explicit Cursor(std::span<const std::byte> bytes) : bytes_{bytes} {}

    std::uint8_t u8();
    std::uint16_t u16();
    std::uint32_t u32();
    std::uint32_t uleb();  ///< LEB128; what exceeds 32 bits is dropped
    std::int32_t sleb();
    std::span<const std::byte> take(std::size_t count);

    bool ok() const { return ok_; }
    bool at_end() const { return !ok_ || offset_ == bytes_.size(); }
    std::size_t offset() const { return offset_; }

  private:
    std::span<const std::byte> bytes_;
    std::size_t offset_ = 0;
    bool ok_ = true;
};

}  // namespace coredepot::decoder
