#include "decoder/limits/run_within.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "decoder/limits/undecodable.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::chrono::minutes kAmple{10};

TEST(RunWithin, ReturnsTheResult) {
    EXPECT_EQ(run_within(kAmple, [] { return std::string{"done"}; }), "done");
}

TEST(RunWithin, ThrowsWhatTheWorkThrew) {
    const auto refuse = []() -> int { throw Undecodable{"no"}; };
    EXPECT_THROW(run_within(kAmple, refuse), Undecodable);
}

TEST(RunWithin, GivesUpOnWorkThatDoesNotEnd) {
    const auto never = std::make_shared<std::promise<int>>();
    const auto ended = std::make_shared<std::promise<void>>();
    const auto work = [never, ended] {
        const int result = never->get_future().get();
        ended->set_value_at_thread_exit();
        return result;
    };
    EXPECT_EQ(run_within(std::chrono::milliseconds{1}, work), std::nullopt);
    never->set_value(0);  // let it go, for the sake of those who look for leaks
    ended->get_future().wait();
}

}  // namespace
}  // namespace coredepot::decoder
