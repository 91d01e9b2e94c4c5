#pragma once

#include <cstdint>
#include <string_view>

namespace coredepot::decoder {

/// Whose code a frame is.
enum class Part : std::uint8_t {
    Own,      ///< the application's
    Library,  ///< a component of ESP-IDF, a managed component or a library, which was called with
              ///< something
    System,   ///< it handles a crash, runs tasks, or is a language's library
};

/// What a function in the backtrace of a crash, innermost first, says about the crash. The first
/// one that is found, in this order, decides the kind.
enum class Means : std::uint8_t {
    ErrorCheck,
    Assertion,
    StackSmashed,
    StackOverflow,
    TaskWatchdog,
    OutOfMemory,
    RustPanic,
    Exception,
    Abort,
    Heap,  ///< it manages the heap: a fault or failed assertion there comes from a damaged heap
    Nothing,
};

struct Meaning {
    Part part = Part::Own;
    std::string_view rule;  ///< why it is not the application's own: `FreeRTOS`
    Means means = Means::Nothing;
};

/// The values of Meaning::rule: why a function or file is not the application's own.
namespace rules {

inline constexpr std::string_view kPanic = "panic handler";
inline constexpr std::string_view kWatchdog = "watchdog";
inline constexpr std::string_view kInterrupt = "interrupt entry";
inline constexpr std::string_view kStart = "start of a task";
inline constexpr std::string_view kFreeRtos = "FreeRTOS";
inline constexpr std::string_view kC = "C library";
inline constexpr std::string_view kCpp = "C++ library";
inline constexpr std::string_view kRust = "Rust library";
inline constexpr std::string_view kHeap = "heap";
inline constexpr std::string_view kRom = "mask ROM";
inline constexpr std::string_view kIdf = "ESP-IDF";
inline constexpr std::string_view kManaged = "managed component";
inline constexpr std::string_view kArduino = "Arduino";
inline constexpr std::string_view kCrate = "crate";
inline constexpr std::string_view kThirdParty = "library";

}  // namespace rules

}  // namespace coredepot::decoder
