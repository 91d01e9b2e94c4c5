#include "decoder/source/tail_calls.hpp"

#include <algorithm>

namespace coredepot::decoder {
namespace {

/// The most functions that one search looks into, and the most tail calls in a row.
constexpr int kMaxSteps = 100;
constexpr std::size_t kMaxWay = 8;

}  // namespace

TailCalls::Way TailCalls::between(const Dwarf_Die& callee, const Dwarf_Die& caller,
                                  std::uint32_t return_address) {
    const auto& site = sites_.at(caller, return_address);
    if (!site || !site->target || same_function(*site->target, callee)) {
        return {};
    }
    way_.clear();
    found_.clear();
    ways_ = 0;
    steps_left_ = kMaxSteps;
    const auto target = definition(*site->target);
    if (target) {
        search(*target, callee);
    }
    // A search that was cut short may have missed a second way.
    return ways_ == 1 && steps_left_ > 0 ? Way{found_, {}} : Way{{}, target};
}

void TailCalls::search(const Dwarf_Die& from, const Dwarf_Die& callee) {
    if (--steps_left_ <= 0 || way_.size() == kMaxWay) {
        return;
    }
    for (const CallSite& site : call_sites(from, deadline_)) {
        // A function that tail-calls itself may have done so any number of times.
        if (!site.tail_call || !site.target || std::ranges::count(way_, site.return_address) != 0) {
            continue;
        }
        way_.push_back(site.return_address);
        if (same_function(*site.target, callee)) {
            found_.assign(way_.rbegin(), way_.rend());
            ++ways_;
        } else if (const auto next = definition(*site.target)) {
            search(*next, callee);
        }
        way_.pop_back();
    }
}

/// The DIE with the code of `function`, which itself may be a declaration in another unit.
std::optional<Dwarf_Die> TailCalls::definition(Dwarf_Die function) {
    Dwarf_Addr start = 0;
    if (dwarf_lowpc(&function, &start) != 0) {
        const auto address = symbols_.address_of(linker_name(function));
        if (!address) {
            return std::nullopt;
        }
        start = *address;
    }
    return start <= UINT32_MAX ? sources_.function_at(static_cast<std::uint32_t>(start))
                               : std::nullopt;
}

}  // namespace coredepot::decoder
