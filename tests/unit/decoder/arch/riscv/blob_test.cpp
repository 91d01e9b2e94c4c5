// Libraries without debug information between the functions of an application: tests/data/blob.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

std::filesystem::path data() {
    return std::filesystem::path{COREDEPOT_SOURCE_ROOT} / "tests/data/blob";
}

/// A line for each frame as gdb was told to write them: the function and its arguments.
std::string backtrace(const std::string& elf) {
    const Report report =
        decode(test::read_bytes(data() / "coredump.bin"), data() / elf, "esp32c3");
    std::string text;
    for (const Frame& frame : report.tasks.at(0).frames) {
        text += frame.function;
        for (const Variable& argument : frame.args) {
            text += ' ' + argument.name + '=' + argument.value;
        }
        text += '\n';
    }
    return text + report.tasks.at(0).unwind_end;
}

/// The same with empty lines for the frames of the library.
std::string without_names_of_the_library(const std::string& text) {
    std::string result;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin) + 1;
        const std::string line = text.substr(begin, end - begin);
        const bool library =
            line.starts_with("send") || line.starts_with("copy") || line.starts_with("dispatch");
        result += library ? "\n" : line;
        begin = end;
    }
    return result;
}

/// The library is there as GCC makes it without optimization, for speed, with `-msave-restore`, and
/// with frame pointers. It has frames of a size that only it knows, and jumps by tables.
TEST(Blob, FramesAndArgumentsAreAsWithCallFrameInformation) {
    EXPECT_EQ(backtrace("blob.elf"), test::read_text(data() / "expected"));
}

TEST(Blob, ItsFunctionsNeedNoSymbols) {
    EXPECT_EQ(backtrace("blob-nameless.elf"),
              without_names_of_the_library(test::read_text(data() / "expected")));
}

}  // namespace
}  // namespace coredepot::decoder
