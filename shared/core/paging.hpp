#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/errors.hpp"
#include "domain/page.hpp"

namespace coredepot::core {

/// The number of rows for a page. Throws ValidationFailed.
inline std::int64_t page_rows(const std::optional<std::int64_t>& limit) {
    const auto rows = limit.value_or(kMaxPageRows);
    if (rows >= 1 && rows <= kMaxPageRows) return rows;
    throw ValidationFailed("limit must be 1 to " + std::to_string(kMaxPageRows));
}

/// Makes a page of the first `rows` rows of `found`, which has one more if the list goes on.
/// `position_of` returns an item's position in the list.
template <class Item, class PositionOf>
auto to_page(std::vector<Item> found, std::int64_t rows, const PositionOf& position_of) {
    Page<Item, decltype(position_of(found.front()))> page{std::move(found), std::nullopt};
    const auto count = static_cast<std::size_t>(rows);
    if (page.items.size() > count) {
        page.items.erase(page.items.begin() + rows, page.items.end());
        page.next = position_of(page.items.back());
    }
    return page;
}

}  // namespace coredepot::core
