#include "http/body.hpp"

#include <algorithm>
#include <memory>

#include <gtest/gtest.h>

namespace coredepot::http {
namespace {

/// Gives `content` in pieces of at most `piece` bytes, and counts what it gave.
class Stream {
  public:
    explicit Stream(std::string content, std::size_t piece = 1'000'000)
        : state_(std::make_shared<State>(State{std::move(content), piece})) {}

    Body body(std::optional<std::uint64_t> declared) const {
        return {declared, [state = state_](char* target, std::size_t length) {
                    const auto count =
                        std::min({length, state->piece, state->content.size() - state->given});
                    std::copy_n(state->content.begin() + static_cast<std::ptrdiff_t>(state->given),
                                count, target);
                    state->given += count;
                    return count;
                }};
    }
    std::size_t given() const { return state_->given; }

  private:
    struct State {
        std::string content;
        std::size_t piece;
        std::size_t given = 0;
    };
    std::shared_ptr<State> state_;
};

TEST(Body, NoneIsEmpty) {
    EXPECT_EQ(Body().read(10), "");
    EXPECT_EQ(Stream("").body(0).read(10), "");
    EXPECT_EQ(Stream("").body(std::nullopt).read(10), "");
    EXPECT_EQ(Stream("").body(0).read(0), "");
}

TEST(Body, InOnePieceOrInMany) {
    for (const std::size_t piece : {1, 2, 3, 5, 7, 100}) {
        EXPECT_EQ(Stream("hello", piece).body(5).read(10), "hello");
        EXPECT_EQ(Stream("hello", piece).body(std::nullopt).read(10), "hello");
    }
}

TEST(Body, ExactlyTheLimitIsAccepted) {
    EXPECT_EQ(Stream("12345").body(5).read(5), "12345");
    EXPECT_EQ(Stream("12345").body(std::nullopt).read(5), "12345");
    EXPECT_EQ(Stream("12345", 1).body(std::nullopt).read(5), "12345");
}

TEST(Body, OneByteMoreIsNot) {
    EXPECT_EQ(Stream("123456").body(6).read(5), std::nullopt);
    EXPECT_EQ(Stream("123456").body(std::nullopt).read(5), std::nullopt);
    EXPECT_EQ(Stream("123456", 1).body(std::nullopt).read(5), std::nullopt);
}

TEST(Body, LargeOnesToo) {
    const std::string mebibyte(1'048'576, 'x');
    EXPECT_EQ(Stream(mebibyte).body(mebibyte.size()).read(mebibyte.size()), mebibyte);
    EXPECT_EQ(Stream(mebibyte, 4096).body(std::nullopt).read(mebibyte.size()), mebibyte);
    EXPECT_EQ(Stream(mebibyte).body(std::nullopt).read(mebibyte.size() - 1), std::nullopt);
}

TEST(Body, WhatAnnouncesTooMuchIsNotRead) {
    const Stream stream("123456");
    EXPECT_EQ(stream.body(6).read(5), std::nullopt);
    EXPECT_EQ(stream.given(), 0U);
}

TEST(Body, AnAnnouncedLengthIsNoReasonToAllocateIt) {
    const Stream stream("x");
    EXPECT_EQ(stream.body(~0ULL).read(1'000), std::nullopt);
}

TEST(Body, WithoutALengthNotMuchMoreThanTheLimitIsRead) {
    const Stream stream(std::string(1'000'000, 'x'));
    EXPECT_EQ(stream.body(std::nullopt).read(1'000), std::nullopt);
    EXPECT_LE(stream.given(), 1'001U);
}

TEST(Body, ShorterThanAnnouncedIsAFault) {
    EXPECT_THROW(Stream("1234").body(5).read(10), BodyTruncated);
    EXPECT_THROW(Stream("1234", 1).body(5).read(10), BodyTruncated);
    EXPECT_THROW(Stream("").body(1).read(10), BodyTruncated);
}

TEST(Body, WhatComesAfterTheAnnouncedLengthIsNotOfTheBody) {
    EXPECT_EQ(Stream("123456").body(5).read(10), "12345");
    EXPECT_EQ(Stream("123456").body(5).read(5), "12345");
    EXPECT_EQ(Stream("123456").body(0).read(5), "");
}

TEST(Body, KnowsWhetherSomethingIsLeft) {
    EXPECT_FALSE(Body().leaves_some());
    EXPECT_FALSE(Stream("").body(0).leaves_some());
    EXPECT_FALSE(Stream("").body(std::nullopt).leaves_some()) << "announced";
    const auto body = Stream("12345").body(5);
    EXPECT_TRUE(body.leaves_some());
    EXPECT_EQ(body.read(4), std::nullopt);
    EXPECT_TRUE(body.leaves_some());
    EXPECT_EQ(body.read(5), "12345");
    EXPECT_FALSE(body.leaves_some());
}

}  // namespace
}  // namespace coredepot::http
