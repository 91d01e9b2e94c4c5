// One bug in the chips of a model: real dumps of one application, built for Xtensa and for RISC-V.

#include <string>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/report/kind_names.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

/// A compiler inlines fail_once() on neither, and ets_printf() of mask ROM calls it on all. The one
/// of the ESP32-S3 is of another version of the source, where the function is elsewhere.
TEST(SignatureOfChips, IsTheSameForOneBugOnEveryCpu) {
    std::string signature;
    for (const std::string chip : {"esp32", "esp32c3", "esp32s3"}) {
        const auto folder = test::cores_dir() / (chip == "esp32s3" ? "esp32s3_bin" : chip);
        if (!std::filesystem::exists(folder)) {
            GTEST_SKIP() << "NOT TESTED on several chips: no real dumps in " << folder
                         << "; set CORES_DIR";
        }
        const auto crash =
            decode(test::read_bytes(folder / "coredump.b64"), folder / "app.elf", chip).crash;
        EXPECT_EQ(crash.kind, kinds::kAbort) << chip;
        EXPECT_EQ(crash.functions, (std::vector<std::string>{"fail_once", "app_main"})) << chip;
        if (signature.empty()) signature = crash.signature;
        EXPECT_EQ(crash.signature, signature) << chip;
    }
}

}  // namespace
}  // namespace coredepot::decoder
