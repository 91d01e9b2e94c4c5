#include "metrics/counters.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "os/ownership.hpp"

namespace coredepot::metrics {
namespace {

// The order of the cells: durations by operation and outcome, responses by operation and status,
// parses, events, durations of the object store by operation and outcome.
constexpr std::size_t kBuckets = kDurationBounds.size() + 1;
constexpr std::size_t kDurationCells = kBuckets + 1;  // and the sum
constexpr std::size_t kResponsesAt = kOperations.size() * kOutcomes.size() * kDurationCells;
constexpr std::size_t kParsesAt = kResponsesAt + kOperations.size() * kStatusCodes.size();
constexpr std::size_t kEventsAt = kParsesAt + kParseOutcomes.size();
constexpr std::size_t kStoreAt = kEventsAt + kEvents;
constexpr std::size_t kCells =
    kStoreAt + kStoreOperations.size() * kStoreOutcomes.size() * kDurationCells;

constexpr std::size_t durations_at(std::size_t operation, Outcome outcome) {
    return (operation * kOutcomes.size() + static_cast<std::size_t>(outcome)) * kDurationCells;
}
constexpr std::size_t store_at(std::size_t operation, std::size_t outcome) {
    return kStoreAt + (operation * kStoreOutcomes.size() + outcome) * kDurationCells;
}
constexpr std::size_t response_at(std::size_t operation, std::size_t code) {
    return kResponsesAt + operation * kStatusCodes.size() + code;
}

/// Everything that decides which cell is which. A program that counts something else gets another
/// file.
std::string layout() {
    std::string text = "1";  // raise this when the order of the cells changes but no name does
    for (const auto name : kOperations) text.append(" ").append(name);
    for (const auto name : kOutcomes) text.append(" ").append(name);
    for (const auto bound : kDurationBounds) text.append(" ") += std::to_string(bound.count());
    for (const auto code : kStatusCodes) text.append(" ") += std::to_string(code);
    for (const auto name : kParseOutcomes) text.append(" ").append(name);
    text.append(" ") += std::to_string(kEvents);
    for (const auto name : kStoreOperations) text.append(" ").append(name);
    for (const auto name : kStoreOutcomes) text.append(" ").append(name);
    return text;
}

}  // namespace

Counters::Counters() : cells_(kCells) {}

Counters Counters::shared(const std::optional<std::filesystem::path>& folder,
                          std::chrono::seconds pause) {
    const auto open = [folder] {
        const auto place =
            folder ? *folder : os::private_temporary_folder("coredepot-metrics", "METRICS_DIR");
        return CounterFile(place, layout(), kCells).map();
    };
    return Counters(CounterCells(kCells, open, pause));
}

void Counters::record_operation(std::string_view operation, Outcome outcome, microseconds took) {
    const auto index = operation_index(operation);
    if (!index) return;
    record_duration(durations_at(*index, outcome), took);
}

void Counters::record_store(std::size_t operation, std::size_t outcome, microseconds took) {
    record_duration(store_at(operation, outcome), took);
}

void Counters::record_duration(std::size_t at, microseconds took) {
    const auto* const bound = std::ranges::lower_bound(kDurationBounds, took);
    cells_.add(at + static_cast<std::size_t>(bound - kDurationBounds.begin()), 1);
    cells_.add(at + kBuckets, static_cast<std::uint64_t>(took.count()));
}

void Counters::record_response(std::string_view operation, int status, microseconds took) {
    constexpr int kFirstError = 400;
    const auto index = operation_index(operation);
    if (!index) return;
    record_operation(operation, status < kFirstError ? Outcome::Success : Outcome::Error, took);
    const auto code =
        static_cast<std::size_t>(std::ranges::find(kStatusCodes, status) - kStatusCodes.begin());
    cells_.add(response_at(*index, std::min(code, kStatusCodes.size() - 1)), 1);
}

void Counters::record_parse(ParseOutcome outcome, microseconds took) {
    cells_.add(kParsesAt + static_cast<std::size_t>(outcome), 1);
    if (outcome == ParseOutcome::Released) return;  // it neither worked nor failed
    const bool failed = outcome == ParseOutcome::Error || outcome == ParseOutcome::Retry;
    record_operation(kCoredumpParse, failed ? Outcome::Error : Outcome::Success, took);
}

void Counters::record(Event event, std::uint64_t times) {
    cells_.add(kEventsAt + static_cast<std::size_t>(event), times);
}

std::uint64_t Counters::Durations::count() const {
    return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
}

Counters::Durations Counters::durations(std::size_t operation, Outcome outcome) const {
    return durations_in(durations_at(operation, outcome));
}

Counters::Durations Counters::store_durations(std::size_t operation, std::size_t outcome) const {
    return durations_in(store_at(operation, outcome));
}

Counters::Durations Counters::durations_in(std::size_t at) const {
    Durations durations;
    for (std::size_t i = 0; i < kBuckets; ++i) durations.buckets.at(i) = cells_.value(at + i);
    durations.sum = microseconds(static_cast<std::int64_t>(cells_.value(at + kBuckets)));
    return durations;
}

std::uint64_t Counters::responses(std::size_t operation, std::size_t code) const {
    return cells_.value(response_at(operation, code));
}

std::uint64_t Counters::parses(ParseOutcome outcome) const {
    return cells_.value(kParsesAt + static_cast<std::size_t>(outcome));
}

std::uint64_t Counters::events(Event event) const {
    return cells_.value(kEventsAt + static_cast<std::size_t>(event));
}

}  // namespace coredepot::metrics
