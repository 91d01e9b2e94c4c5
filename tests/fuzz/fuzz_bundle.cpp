// Firmware bundles: ZIP archives that a pipeline, or somebody with its token, uploads.

#include "core/errors.hpp"
#include "core/firmware/bundle.hpp"
#include "fuzz_input.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::uint64_t kMaxUnpacked = 100'000;
    static const auto kCode = ModelCode::trusted("a");
    try {
        const auto bundle = core::read_bundle(fuzz::text(data, size), kCode, kMaxUnpacked);
        fuzz::require(bundle.image.size() <= kMaxUnpacked);
        fuzz::require(bundle.elf_sha256.size() == 64);
    } catch (const core::ValidationFailed&) {  // NOLINT(bugprone-empty-catch): refused, as it may
    }
    return 0;
}
