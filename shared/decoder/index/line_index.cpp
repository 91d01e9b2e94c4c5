#include "decoder/index/line_index.hpp"

#include <algorithm>
#include <iterator>

namespace coredepot::decoder {

std::optional<LineSequence> LineIndex::find(const LineHeader& table, std::uint32_t address,
                                            const Deadline& deadline) {
    const void* const place = table.program().data();
    auto known = tables_.find(place);
    if (known == tables_.end()) {
        // A run that exceeds its deadline leaves nothing behind.
        auto sequences = line_sequences(table, deadline);
        known = tables_.emplace(place, std::move(sequences)).first;
    }
    const auto& sequences = known->second;
    const auto after = std::ranges::upper_bound(sequences, address, {}, &LineSequence::start);
    const bool found = after != sequences.begin() && std::prev(after)->end > address;
    return found ? std::optional{*std::prev(after)} : std::nullopt;
}

std::size_t LineIndex::memory() const {
    std::size_t bytes = 0;
    for (const auto& [place, sequences] : tables_) {
        bytes += sizeof(std::vector<LineSequence>) + sequences.capacity() * sizeof(LineSequence);
    }
    return bytes;
}

}  // namespace coredepot::decoder
