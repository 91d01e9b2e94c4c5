#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace coredepot::decoder {

/// Why the value of a variable is not known. The first of several is told.
enum class Gap : std::uint8_t {
    None,
    OptimizedOut,  ///< the compiler kept it nowhere at this place
    Synthetic,     ///< a pointer to what is itself optimized out
    Unreadable,    ///< it is in memory that the dump does not hold
    Unsupported,   ///< the debug information says where it is in a way that is not understood
};

/// What is shown for a value that is not known: `<optimized out>`.
std::string gap_text(Gap gap);

/// The bytes of a variable, of which some may be unknown: the compiler may have kept one member of
/// a structure in a register and dropped the other.
struct Contents {
    std::vector<std::byte> bytes;
    std::vector<Gap> gaps;  ///< one a byte
    /// Of a synthetic pointer, what it points to, where the debug information has that.
    std::span<const std::byte> pointed{};

    void append(std::span<const std::byte> known) {
        bytes.insert(bytes.end(), known.begin(), known.end());
        gaps.resize(bytes.size(), Gap::None);
    }
    void append_gap(std::size_t size, Gap gap) {
        bytes.resize(bytes.size() + size);
        gaps.resize(bytes.size(), gap);
    }

    /// Why not all of `size` bytes from `offset` on are known; None: they are.
    Gap gap(std::size_t offset, std::size_t size) const {
        if (size > gaps.size() || offset > gaps.size() - size) {
            return Gap::Unsupported;
        }
        const auto begin = gaps.begin() + static_cast<std::ptrdiff_t>(offset);
        const auto end = begin + static_cast<std::ptrdiff_t>(size);
        const auto found = std::find_if(begin, end, [](Gap gap) { return gap != Gap::None; });
        return found == end ? Gap::None : *found;
    }
};

}  // namespace coredepot::decoder
