#include "decoder/diagnosis/vocabulary.hpp"

#include <algorithm>

#include "decoder/diagnosis/known_files.hpp"
#include "decoder/diagnosis/known_functions.hpp"
#include "decoder/diagnosis/stable_name.hpp"
#include "decoder/report/kind_names.hpp"
#include "decoder/target/chip.hpp"
#include "decoder/target/memory_regions.hpp"
#include "text/ascii.hpp"

namespace coredepot::decoder {
namespace {

/// Turns backslashes into slashes and puts a slash in front. Build tools that run in the project's
/// folder (PlatformIO, cargo) pass paths relative to it, `.pio/libdeps/…`.
std::string with_slashes(std::string path) {
    std::ranges::replace(path, '\\', '/');
    return path.empty() || path.starts_with('/') ? path : '/' + path;
}

}  // namespace

Vocabulary::Vocabulary(const Report& report) {
    for (const Task& task : report.tasks) {
        for (const Frame& frame : task.frames) {
            const auto file = with_slashes(frame.file);
            for (const std::string_view folder :
                 {"/components/freertos/", "/components/esp_system/"}) {
                if (const auto at = file.find(folder); at != std::string::npos) {
                    idf_ = file.substr(0, at) + "/components/";
                    return;
                }
            }
        }
    }
}

Meaning Vocabulary::meaning_of(const Frame& frame) const {
    const auto file = with_slashes(frame.file);
    const auto name = stable_name(frame.function);
    const auto* const function = find_function(name, file);
    if (function != nullptr) return {Part::System, function->rule, function->means};
    // The P4 and the S31 have flash where most chips have mask ROM. But only the application's own
    // code has lines.
    if (file.empty() && in_mask_rom(frame.pc)) return {Part::System, rules::kRom};
    if (const auto* const path = find_files(file)) return {path->whose, path->rule, path->means};
    if (keeps_the_heap(name, base_name(file))) return {Part::System, rules::kHeap, Means::Heap};
    if (is_of_freertos(name, file)) return {Part::System, rules::kFreeRtos};
    if (!idf_.empty() && file.starts_with(idf_)) return {Part::Library, rules::kIdf};
    if (file.empty() && is_of_closed_library(name)) return {Part::Library, rules::kIdf};
    return {};
}

std::vector<Meaning> Vocabulary::meanings_of(const std::vector<Frame>& frames) const {
    std::vector<Meaning> meanings(frames.size());
    std::ranges::transform(frames, meanings.begin(),
                           [&](const Frame& frame) { return meaning_of(frame); });
    return meanings;
}

std::size_t frames_of_panic(const std::vector<Meaning>& meanings) {
    for (std::size_t i = meanings.size(); i-- > 0;) {
        const auto means = meanings[i].means;
        // The caller of the watchdog's interrupt handler continues.
        if (is_panic(means) && means != Means::TaskWatchdog) return i + 1;
    }
    return 0;
}

bool keeps_the_heap(std::string_view function, std::string_view file) {
    const auto* const known = find_function(function, {});
    return (known != nullptr && known->means == Means::Heap) || file.starts_with("tlsf") ||
           file.starts_with("multi_heap") || file.starts_with("heap_caps") ||
           file.starts_with("heap_tlsf");
}

bool is_panic_of_software(const Task& task) {
    return !task.frames.empty() && task.frames.front().function == "panic_abort";
}

bool is_panic(Means means) {
    return means < Means::Heap && means != Means::OutOfMemory && means != Means::Exception;
}

std::string_view kind_of(Means means) {
    switch (means) {
        case Means::ErrorCheck:
            return kinds::kErrorCheck;
        case Means::Assertion:
            return kinds::kAssertion;
        case Means::StackSmashed:
            return kinds::kStackSmashed;
        case Means::StackOverflow:
            return kinds::kStackOverflow;
        case Means::TaskWatchdog:
            return kinds::kTaskWatchdog;
        case Means::OutOfMemory:
            return kinds::kOutOfMemory;
        case Means::RustPanic:
            return kinds::kRustPanic;
        case Means::Exception:
            return kinds::kException;
        case Means::Abort:
            return kinds::kAbort;
        default:
            return {};
    }
}

bool is_idle(std::string_view task) {
    return task == "IDLE" ||
           (task.starts_with("IDLE") && task.size() == 5 && is_digit(task.back()));
}

}  // namespace coredepot::decoder
