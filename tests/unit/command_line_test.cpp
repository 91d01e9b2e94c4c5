#include "command_line.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

constexpr Program kProgram{"tool", "usage: tool [--loud] [--age SECONDS] FILE\n"};

struct Result {
    bool loud = false;
    std::string age;
    std::optional<std::vector<std::string>> arguments;
};

Result read(std::vector<std::string> words) {
    std::vector<char*> argv;
    words.insert(words.begin(), "/usr/bin/tool");
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    Result result;
    const auto argc = static_cast<int>(words.size());
    result.arguments = read_command_line(
        kProgram, argc, argv.data(),
        {{"loud", result.loud},
         {"age", "a number of seconds", [&](const std::string& text) { result.age = text; }}});
    return result;
}

std::string complaint(const std::vector<std::string>& words) {
    try {
        read(words);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "";
}

using Words = std::vector<std::string>;

TEST(CommandLine, ValuesStandBehindASpaceOrAnEqualsSign) {
    for (const auto& words :
         {Words{"--age", "5", "--loud", "file"}, Words{"--age=5", "--loud", "file"},
          Words{"file", "--loud", "--age=5"}, Words{"--lo", "file", "--a", "5"}}) {
        const auto result = read(words);
        EXPECT_TRUE(result.loud);
        EXPECT_EQ(result.age, "5");
        EXPECT_EQ(result.arguments, (Words{"file"}));
    }
    EXPECT_EQ(read({"--age="}).age, "");
}

TEST(CommandLine, NothingIsGivenOfItself) {
    const auto result = read({});
    EXPECT_FALSE(result.loud);
    EXPECT_EQ(result.age, "");
    EXPECT_EQ(result.arguments, Words{});
}

TEST(CommandLine, WhatLooksLikeAnOptionCanBeAnArgument) {
    EXPECT_EQ(read({"-", "--", "--loud", "-h"}).arguments, (Words{"-", "--loud", "-h"}));
}

TEST(CommandLine, AnErrorNamesTheWordThatIsWrong) {
    EXPECT_EQ(complaint({"--age"}), "--age needs a number of seconds");
    EXPECT_EQ(complaint({"file", "--age"}), "--age needs a number of seconds");
    EXPECT_EQ(complaint({"--loud=yes"}), "--loud takes no value");
    EXPECT_EQ(complaint({"--help=yes"}), "--help takes no value");
    EXPECT_EQ(complaint({"--quiet", "file"}), "unknown option --quiet");
    EXPECT_EQ(complaint({"--quiet=yes"}), "unknown option --quiet");
    EXPECT_EQ(complaint({"-x", "file"}), "unknown option -x");
    EXPECT_EQ(complaint({"--loud"}), "");
}

TEST(CommandLine, HelpAndVersionArePrinted) {
    for (const auto& [word, printed] : {std::pair{"--help", kProgram.usage},
                                        {"-h", kProgram.usage},
                                        {"--version", "tool " COREDEPOT_VERSION "\n"}}) {
        testing::internal::CaptureStdout();
        const auto result = read({word, "file"});
        EXPECT_EQ(testing::internal::GetCapturedStdout(), printed);
        EXPECT_FALSE(result.arguments) << word;
    }
}

}  // namespace
}  // namespace coredepot
