#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace coredepot::decoder {

/// The little-endian u32 at the start of `bytes`, which must hold four.
std::uint32_t load_u32(std::span<const std::byte> bytes);

constexpr std::size_t kBitsPerByte = 8;

/// The little-endian number that `bytes` are, at most eight of them.
std::uint64_t load_number(std::span<const std::byte> bytes);

/// Reads little-endian fields off a run of hostile bytes, front to back. Asking for more than is
/// left throws Undecodable naming the thing that was being read, so callers need no length checks
/// of their own, and cannot forget one.
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

    /// Moves to the next multiple of four, or to the end when there are fewer bytes than that: the
    /// last item of a note segment may go without its padding.
    void align4();

    std::size_t remaining() const { return bytes_.size() - offset_; }

  private:
    std::span<const std::byte> bytes_;
    std::string_view what_;
    std::size_t offset_ = 0;
};

}  // namespace coredepot::decoder
