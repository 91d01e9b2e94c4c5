#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace coredepot::decoder {

/// The little-endian u32 at the start of `bytes`, which must hold four.
std::uint32_t load_u32(std::span<const std::byte> bytes);

constexpr std::size_t kBitsPerByte = 8;

/// Reads all of `bytes`, at most eight, as a little-endian number.
std::uint64_t load_number(std::span<const std::byte> bytes);

/// Reads little-endian fields from hostile bytes, front to back. Asking for more than is left
/// throws Undecodable, which names what was being read. So callers need no length checks and cannot
/// forget one.
class ByteReader {
  public:
    /// `what` goes into the message: "the core dump ends inside <what>". It must outlive the
    /// reader.
    ByteReader(std::span<const std::byte> bytes, std::string_view what)
        : bytes_{bytes}, what_{what} {}

    std::uint16_t u16();
    std::uint32_t u32();
    std::span<const std::byte> take(std::size_t count);
    void skip(std::size_t count) { take(count); }

    /// Moves to the next multiple of four, or to the end if that comes first: the last item of a
    /// note segment may lack its padding.
    void align4();

    std::size_t remaining() const { return bytes_.size() - offset_; }

  private:
    std::span<const std::byte> bytes_;
    std::string_view what_;
    std::size_t offset_ = 0;
};

}  // namespace coredepot::decoder
