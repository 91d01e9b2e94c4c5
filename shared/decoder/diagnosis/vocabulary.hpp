#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decoder/report/report.hpp"

/// Which functions, source files and panic reasons mean what. This is the one place that knows
/// names of ESP-IDF, FreeRTOS, Arduino, and of the libraries of C, C++ and Rust.
namespace coredepot::decoder {

/// Whose code a frame is.
enum class Part : std::uint8_t {
    Own,      ///< the application's
    Library,  ///< a component of ESP-IDF, a managed component, a library: it was called with
              ///< something
    System,   ///< it carries out a crash, runs tasks, or is a language's library
};

/// What a function says about the crash that it stands in, innermost of the backtrace. The first
/// that is met, in this order, names the kind.
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
    Heap,  ///< it keeps the heap: a fault or a failed assertion there is of a damaged heap
    Nothing,
};

struct Meaning {
    Part part = Part::Own;
    std::string_view rule;  ///< why it is not the application's own: `FreeRTOS`
    Means means = Means::Nothing;
};

/// Says of the frames of one report what they mean.
class Vocabulary {
  public:
    /// Finds out where ESP-IDF was when the firmware was built. Refers to nothing of `report`.
    explicit Vocabulary(const Report& report);

    Meaning meaning_of(const Frame& frame) const;

    /// How many of the innermost `frames` carry out a panic: all inside of a function that ends in
    /// one, an application's panic handler, too.
    std::size_t frames_of_panic(const std::vector<Frame>& frames) const;

  private:
    std::string idf_;  ///< path of its components, with a slash at the end; empty: not known
};

/// How a panic reason of ESP-IDF's begins, what it means, and where in it the detail is.
struct Reason {
    std::string_view start;
    std::string_view kind;
    std::string_view before = {};  ///< the detail is behind this …
    std::string_view after = {};  ///< … up to the last of this, or the end of the line; empty: none
};

/// Null: it is none of ESP-IDF's.
const Reason* find_reason(std::string_view panic_reason);

/// Whether a failed assertion of `function` in the source file `file` is one of a damaged heap.
bool keeps_the_heap(std::string_view function, std::string_view file);

/// Whether the innermost function of a report is the panic handler's own: the fault that the CPU
/// reports is then one that ESP-IDF made to get at the registers.
bool is_panic_of_software(const Task& task);

/// Whether `function` is the one through which the CPU comes from a task to an interrupt.
bool is_interrupt_entry(std::string_view function);

/// Whether a function of that meaning ends in a panic, always.
bool is_panic(Means means);

/// What a kind of panic is called; empty: `means` makes none.
std::string_view kind_of(Means means);

/// Whether a task of that name is FreeRTOS' idle task, of whichever core.
bool is_idle(std::string_view task);

}  // namespace coredepot::decoder
