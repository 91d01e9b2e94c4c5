#include "log.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace coredepot::log {
namespace {

using namespace std::string_literals;

/// As left over from who started us and redirected standard error. The logger looks at its
/// environment once, so this has to come before the first line.
const bool kNotOurStream = ::setenv("JOURNAL_STREAM", "1:2", 1) == 0;

std::string line_of(const std::function<void()>& write) {
    testing::internal::CaptureStderr();
    write();
    return testing::internal::GetCapturedStderr();
}

/// How a field's value looks in the line.
std::string logged(const std::string& value) {
    const auto line = line_of([&] { info("event", {{"key", value}}); });
    const auto at = line.find(" key=");
    return at == std::string::npos ? line : line.substr(at + 5, line.size() - at - 6);
}

TEST(Log, ALineHasTimeLevelMessageAndFields) {
    ASSERT_TRUE(kNotOurStream);
    const auto line = line_of([] { warning("disk full", {{"path", "/srv"}, {"bytes", 5}}); });
    EXPECT_EQ(line.find('T'), 10U) << line;
    EXPECT_NE(line.find("Z warning ["), std::string::npos) << line;
    EXPECT_TRUE(line.ends_with("] disk full path=/srv bytes=5\n")) << line;
}

TEST(Log, PlainValuesStandAsTheyAre) {
    EXPECT_EQ(logged("esp32c3"), "esp32c3");
    EXPECT_EQ(logged("/srv/x.dmp"), "/srv/x.dmp");
}

TEST(Log, AValueCannotEndItsFieldOrItsLine) {
    EXPECT_EQ(logged(""), "\"\"");
    EXPECT_EQ(logged("two words"), "\"two words\"");
    EXPECT_EQ(logged("x status=200"), "\"x status=200\"");
    EXPECT_EQ(logged("say \"x\\\""), R"("say \"x\\\"")");
    EXPECT_EQ(logged("a\nforged line\r\x1b[31m\x7f\0"s), "\"a forged line  [31m  \"");
}

TEST(Log, BytesAboveAsciiAreQuotedAndStay) {
    EXPECT_EQ(logged("\xc3\xa9"), "\"\xc3\xa9\"");
}

// C1 controls move the cursor as ESC does, U+202E turns around what follows, and what is not UTF-8
// the journal shows as "[blob data]".
TEST(Log, AValueActsOnNoTerminal) {
    EXPECT_EQ(logged("a\u009b31m\u202ez"), "\"a 31m z\"");
    EXPECT_EQ(logged("\xff"), "\"\xef\xbf\xbd\"");
}

TEST(Log, BracesAreNoFormat) {
    EXPECT_EQ(logged("{}%s{0}"), "{}%s{0}");
    EXPECT_NE(line_of([] { info("a {} b"); }).find("a {} b"), std::string::npos);
}

TEST(Log, LinesOfARequestCarryItsId) {
    const auto line = line_of([] {
        const RequestScope scope("abc123");
        info("inside", {{"key", 1}});
    });
    EXPECT_TRUE(line.ends_with("inside key=1 request_id=abc123\n")) << line;
    EXPECT_EQ(line_of([] { info("after"); }).find("request_id"), std::string::npos);
}

TEST(Log, ARequestIdFromOutsideCannotForgeALine) {
    const auto line = line_of([] {
        const RequestScope scope("x\n<3>forged");
        info("inside");
    });
    EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
}

}  // namespace
}  // namespace coredepot::log
