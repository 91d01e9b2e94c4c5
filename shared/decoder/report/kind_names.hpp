#pragma once

#include <string_view>

/// The values of Crash::kind: what happened, in the same words on every CPU. They are part of
/// signatures, so changing a word makes another bug.
namespace coredepot::decoder::kinds {

// Faults that a CPU reports (arch/ maps its causes to these).
inline constexpr std::string_view kStore = "Store to invalid address";
inline constexpr std::string_view kLoad = "Load from invalid address";
inline constexpr std::string_view kAccess =
    "Access to invalid address";  // the CPU does not tell which
inline constexpr std::string_view kUnaligned = "Unaligned access";
inline constexpr std::string_view kJump = "Jump to invalid address";
inline constexpr std::string_view kInstruction = "Illegal instruction";
inline constexpr std::string_view kPrivilege = "Privilege violation";
inline constexpr std::string_view kDivision = "Division by zero";
inline constexpr std::string_view kBreakpoint = "Breakpoint";
inline constexpr std::string_view kSystemCall = "System call";
inline constexpr std::string_view kCoprocessor = "Coprocessor disabled";
inline constexpr std::string_view kDoubleException = "Double exception";
inline constexpr std::string_view kCacheError = "Cache error";
inline constexpr std::string_view kMemoryProtection = "Memory protection fault";
inline constexpr std::string_view kUnknownException = "Unknown exception";

// Faults that software notices.
inline constexpr std::string_view kInterruptWatchdog = "Interrupt watchdog";
inline constexpr std::string_view kTaskWatchdog = "Task watchdog";
inline constexpr std::string_view kStackOverflow = "Stack overflow";
inline constexpr std::string_view kStackSmashed = "Stack smashed";
inline constexpr std::string_view kHeapCorrupt = "Heap corrupt";
inline constexpr std::string_view kOutOfMemory = "Out of memory";
inline constexpr std::string_view kErrorCheck = "ESP_ERROR_CHECK failed";
inline constexpr std::string_view kAssertion = "Assertion failed";
inline constexpr std::string_view kException = "Uncaught exception";
inline constexpr std::string_view kRustPanic = "Rust panic";
inline constexpr std::string_view kAbort = "Abort";
inline constexpr std::string_view kPanic = "Panic";
inline constexpr std::string_view kUnknown = "Crash";

}  // namespace coredepot::decoder::kinds
