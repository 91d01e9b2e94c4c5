#pragma once

#include <cstdint>
#include <optional>
#include <vector>

/// Lists are answered in pages, so that no answer grows with the fleet.
namespace coredepot {

/// The most that a page has, and what it has unless less is asked for. Written out these are half a
/// megabyte of core dumps.
constexpr std::int64_t kMaxPageRows = 1000;

/// Which part of a list is wanted. A position is the values that the list is ordered by, so it
/// outlives its row: rows that come and go meanwhile make others neither appear twice nor be left
/// out.
template <class Position>
struct PageRequest {
    std::optional<Position> after =
        std::nullopt;  ///< that of the last row before; empty: from the first
    std::optional<std::int64_t> limit = std::nullopt;  ///< of rows, as a client said it
};

template <class Item, class Position>
struct Page {
    std::vector<Item> items;
    std::optional<Position> next;  ///< the `after` of the next page; empty: this is the last one
};

}  // namespace coredepot
