#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "decoder/diagnosis/vocabulary.hpp"
#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// What went wrong, in words that all crashes of this kind share.
struct CrashKind {
    /// Which functions distinguish crashes of the same kind.
    enum class Where : std::uint8_t {
        Innermost,  ///< where it happened
        Outermost,  ///< of a task that hung: the innermost ones depend on where it was caught
        Nowhere,    ///< none, because the detail says it all: an overflowed stack, a damaged heap
    };

    std::string name;    ///< from kind_names.hpp
    std::string detail;  ///< Crash::detail
    std::string more{};  ///< an addition for the title: the error code
    /// The address that was accessed, if the fault is about one.
    std::optional<std::uint32_t> address{};
    Where where = Where::Innermost;
    bool of_task = false;  ///< the detail names the task that it happened to, and not the place
    /// For a task watchdog: the tasks that starved, sorted, without repetition.
    std::vector<std::string> starved{};
    /// What the dump lacks for this kind, as a sentence; empty: nothing.
    std::string missing{};
};

/// The tasks in the panic reason of a task watchdog, in its order.
std::vector<std::string> starved_tasks(std::string_view panic_reason);

/// Decides by the panic reason if the report has one, by the functions that panicked, and by the
/// exception.
CrashKind crash_kind(const Report& report, const Vocabulary& vocabulary);

}  // namespace coredepot::decoder
