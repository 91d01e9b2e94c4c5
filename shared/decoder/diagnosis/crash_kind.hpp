#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// What went wrong, in the words that a crash has in common with others of its kind.
struct CrashKind {
    std::string name;  ///< `StoreProhibited`, `abort`, `assert failed`, `Stack overflow`
    /// What tells one crash of the kind from another: an assertion's expression, the task whose
    /// stack overflowed; else empty.
    std::string detail;
    std::optional<std::uint32_t> address;  ///< that was touched, where the fault is about one
    /// The backtrace leads to the fault. An overflowed stack is found later, wherever that is.
    bool in_backtrace = true;
};

/// From the panic reason, when the report has one, else from the functions that panicked, else from
/// the exception.
CrashKind crash_kind(const Report& report);

}  // namespace coredepot::decoder
