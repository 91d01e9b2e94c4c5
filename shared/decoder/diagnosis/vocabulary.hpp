#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decoder/diagnosis/known_functions.hpp"
#include "decoder/diagnosis/meaning.hpp"
#include "decoder/diagnosis/panic_reasons.hpp"
#include "decoder/report/report.hpp"

/// What functions, source files and panic reasons mean. This is the only place that knows names of
/// ESP-IDF, FreeRTOS and Arduino, and of the libraries of C, C++ and Rust.
namespace coredepot::decoder {

/// Says what the frames of one report mean.
class Vocabulary {
  public:
    /// Finds out where ESP-IDF was when the firmware was built. Keeps no reference to `report`.
    explicit Vocabulary(const Report& report);

    Meaning meaning_of(const Frame& frame) const;

    /// The meanings of `frames`, one for each.
    std::vector<Meaning> meanings_of(const std::vector<Frame>& frames) const;

  private:
    std::string idf_;  ///< path of its components, with a slash at the end; empty if unknown
};

/// How many of the innermost frames carry out a panic. These are all frames inside a function that
/// ends in one, also in an application's panic handler. `meanings` are those of the frames.
std::size_t frames_of_panic(const std::vector<Meaning>& meanings);

/// Whether a failed assertion in `function`, in the source file `file`, means that the heap is
/// damaged.
bool keeps_the_heap(std::string_view function, std::string_view file);

/// Whether the innermost function of `task` is the panic handler's own. If so, ESP-IDF caused the
/// fault that the CPU reports, to get at the registers.
bool is_panic_of_software(const Task& task);

/// Whether a function with that meaning always ends in a panic.
bool is_panic(Means means);

/// The name of a kind of panic; empty when `means` is not one.
std::string_view kind_of(Means means);

/// Whether a task of that name is FreeRTOS' idle task, on any core.
bool is_idle(std::string_view task);

}  // namespace coredepot::decoder
