#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "decoder/diagnosis/vocabulary.hpp"
#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// What went wrong, in the words that a crash has in common with others of its kind.
struct CrashKind {
    /// Which functions tell one crash of the kind from another.
    enum class Where : std::uint8_t {
        Innermost,  ///< where it happened
        Outermost,  ///< of a task that did not go on: the innermost ones are wherever it was caught
        Nowhere,    ///< the detail says it all: an overflowed stack, a damaged heap
    };

    std::string name;                        ///< of kind_names.hpp
    std::string detail;                      ///< Crash::detail
    std::string more{};                      ///< what the title says besides: the error code
    std::optional<std::uint32_t> address{};  ///< that was touched, where the fault is about one
    Where where = Where::Innermost;
    bool of_task = false;  ///< the detail names the task that it happened to, not where
    /// Of a task watchdog: the tasks that starved, sorted, each once.
    std::vector<std::string> starved{};
    /// A sentence where the dump lacks what the kind needs; else empty.
    std::string missing{};
};

/// The tasks that a task watchdog's panic reason lists, in its order.
std::vector<std::string> starved_tasks(std::string_view panic_reason);

/// From the panic reason, when the report has one, the functions that panicked, and the exception.
CrashKind crash_kind(const Report& report, const Vocabulary& vocabulary);

}  // namespace coredepot::decoder
