// What an object store answers: lists, and errors.

#include <string>

#include "fuzz_input.hpp"
#include "objects/answer_xml.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::text(data, size);
    if (const auto listing = objects::parse_listing(input)) {
        // Nothing is a list unless it says that it is one, and whether there is more.
        fuzz::require(input.find("ListBucketResult") != std::string_view::npos);
        for (const auto& object : listing->objects) fuzz::require(!object.key.empty());
    }
    const auto code = objects::parse_error_code(input);
    fuzz::require(code.size() <= 64 && code.find('\n') == std::string::npos);
    return 0;
}
