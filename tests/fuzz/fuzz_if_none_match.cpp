// If-Match and If-None-Match headers.

#include <string>

#include "fuzz_input.hpp"
#include "http/conditional.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::text(data, size);
    const bool named = input.find("\"abc\"") != std::string_view::npos ||
                       input.find('*') != std::string_view::npos;
    fuzz::require(!http::names_weakly(input, "\"abc\"") || named);
    fuzz::require(http::names_weakly(std::string(input) + ", \"abc\"", "\"abc\""));
    fuzz::require(!http::names_strongly(input, "\"abc\"") || http::names_weakly(input, "\"abc\""));
    fuzz::require(http::names_strongly(std::string(input) + ", \"abc\"", "\"abc\""));
    return 0;
}
