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

/// Which functions, source files and panic reasons mean what. This is the one place that knows
/// names of ESP-IDF, FreeRTOS, Arduino, and of the libraries of C, C++ and Rust.
namespace coredepot::decoder {

/// Says of the frames of one report what they mean.
class Vocabulary {
  public:
    /// Finds out where ESP-IDF was when the firmware was built. Refers to nothing of `report`.
    explicit Vocabulary(const Report& report);

    Meaning meaning_of(const Frame& frame) const;

    /// Of each of `frames`.
    std::vector<Meaning> meanings_of(const std::vector<Frame>& frames) const;

  private:
    std::string idf_;  ///< path of its components, with a slash at the end; empty: not known
};

/// How many of the innermost frames, which have `meanings`, carry out a panic: all inside of a
/// function that ends in one, an application's panic handler, too.
std::size_t frames_of_panic(const std::vector<Meaning>& meanings);

/// Whether a failed assertion of `function` in the source file `file` is one of a damaged heap.
bool keeps_the_heap(std::string_view function, std::string_view file);

/// Whether the innermost function of a report is the panic handler's own: the fault that the CPU
/// reports is then one that ESP-IDF made to get at the registers.
bool is_panic_of_software(const Task& task);

/// Whether a function of that meaning ends in a panic, always.
bool is_panic(Means means);

/// What a kind of panic is called; empty: `means` makes none.
std::string_view kind_of(Means means);

/// Whether a task of that name is FreeRTOS' idle task, of whichever core.
bool is_idle(std::string_view task);

}  // namespace coredepot::decoder
