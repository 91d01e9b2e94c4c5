// What is kept with a core dump's file: its label, and the predecessor's description beside it.

#include "fuzz_input.hpp"
#include "storage/dump_description.hpp"
#include "storage/dump_label.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::text(data, size);
    if (const auto label = storage::parse_label(input)) {
        fuzz::require(input.size() <= storage::kMaxLabel);
        fuzz::require(storage::to_text(*label) == input);
    }
    if (const auto description = storage::parse_description(input)) {
        // What it tells can be kept as a label.
        const auto text = storage::to_text(description->label);
        fuzz::require(text.size() <= storage::kMaxLabel);
        fuzz::require(storage::parse_label(text) == description->label);
    }
    return 0;
}
