// Names of functions and texts of panics on their way into a signature, as an ELF and a device may
// have them.

#include <algorithm>

#include "../fuzz_input.hpp"
#include "decoder/diagnosis/free_text.hpp"
#include "decoder/diagnosis/stable_name.hpp"
#include "decoder/elf/demangle.hpp"
#include "text/ascii.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::text(data, size);
    const auto name = decoder::without_clone_suffix(input);
    fuzz::require(name.size() <= input.size());
    fuzz::require(decoder::without_clone_suffix(name) == name);
    // A bracket that never closes becomes a few letters.
    fuzz::require(decoder::stable_name(input).size() <= 9 * input.size());
    // The linker's name, of C++ or of Rust, on its way to that.
    if (const auto function = decoder::demangled_function_name(input)) {
        decoder::stable_name(*function);
        decoder::full_name(input);
    }
    const auto text = decoder::constant_part(input);
    fuzz::require(text.size() <= input.size());
    fuzz::require(std::ranges::none_of(text, [](char c) { return is_digit(c) || c == '\n'; }));
    return 0;
}
