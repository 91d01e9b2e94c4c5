#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace coredepot::decoder {

/// Why a variable's value is unknown. If there are several reasons, the first one is shown.
enum class Gap : std::uint8_t {
    None,
    OptimizedOut,  ///< the compiler kept it nowhere at this place
    Synthetic,     ///< it points to something that was itself optimized out
    Unreadable,    ///< it is in memory that is not in the dump
    Unsupported,   ///< the debug information describes its place in a way that we do not understand
};

/// The text for an unknown value: `<optimized out>`.
std::string gap_text(Gap gap);

/// The bytes of a variable. Some may be unknown: the compiler may have kept one member of a
/// structure in a register and dropped the other.
struct Contents {
    std::vector<std::byte> bytes;
    std::vector<Gap> gaps;  ///< one per byte
    /// What a synthetic pointer points to, if the debug information has it.
    std::span<const std::byte> pointed{};

    void append(std::span<const std::byte> known) {
        bytes.insert(bytes.end(), known.begin(), known.end());
        gaps.resize(bytes.size(), Gap::None);
    }
    void append_gap(std::size_t size, Gap gap) {
        bytes.resize(bytes.size() + size);
        gaps.resize(bytes.size(), gap);
    }

    /// Why some of the `size` bytes from `offset` on are unknown; None: all are known.
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
