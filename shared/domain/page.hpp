#pragma once

#include <cstdint>
#include <optional>
#include <vector>

/// Lists come in pages, so that no answer grows with the fleet.
namespace coredepot {

/// The largest page, and the default size. That many core dumps make half a megabyte of text.
constexpr std::int64_t kMaxPageRows = 1000;

/// Selects part of a list. A position consists of the values that order the list, so it outlives
/// its row: when rows come and go between two pages, no other row appears twice or is left out.
template <class Position>
struct PageRequest {
    std::optional<Position> after =
        std::nullopt;  ///< position of the previous page's last row; empty: from the start
    std::optional<std::int64_t> limit = std::nullopt;  ///< rows, as the client asked
};

template <class Item, class Position>
struct Page {
    std::vector<Item> items;
    std::optional<Position> next;  ///< `after` for the next page; empty: this is the last page
};

}  // namespace coredepot
