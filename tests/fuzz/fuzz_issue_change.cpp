// What clients send to change issues: one, many, or into which to merge.

#include <algorithm>

#include "core/errors.hpp"
#include "fuzz_input.hpp"
#include "http/issue_requests.hpp"

using namespace coredepot;

namespace {

template <class Read>
void read_or_refuse(const Read& read) {
    try {
        read();
    } catch (const core::ValidationFailed&) {
        // The client is told so.
    }
}

void expect_storable(const IssueChange& change) {
    constexpr std::size_t kMaxUrl = 2'000;
    constexpr std::size_t kMaxFixes = 50;
    fuzz::require(!change.ticket_url || change.ticket_url->size() <= kMaxUrl);
    fuzz::require(change.fixed_in.size() <= kMaxFixes);
    fuzz::require(change.fixed_in.empty() || !change.fixed_in_next);
    const auto& until = change.until;
    fuzz::require(until.occurrences.value_or(1) > 0 && until.devices.value_or(1) > 0);
    const bool has_condition =
        until.time || until.version_after || until.occurrences || until.devices;
    if (has_condition) fuzz::require(json::Object::parse(until.json).has_value());
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto body = json::Object::parse(fuzz::text(data, size));
    if (!body) return 0;
    read_or_refuse([&] { expect_storable(http::issue_change(*body)); });
    if (const auto change = body->object("change")) {
        read_or_refuse([&] { expect_storable(http::issue_change(*change)); });
    }
    read_or_refuse([&] {
        fuzz::require(std::ranges::all_of(http::issue_ids(*body), [](auto id) { return id > 0; }));
    });
    read_or_refuse([&] { fuzz::require(http::issue_to_merge_into(*body) > 0); });
    return 0;
}
