// Images that are kept elsewhere, and fetched once for all of a machine's processes.

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "sha256.hpp"
#include "storage/fetch_turn.hpp"
#include "storage/image_cache.hpp"
#include "support/parallel.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

using std::chrono::hours;
using test::content_of;
using test::names_in;
using Names = std::vector<std::string>;

const ModelCode kCode = ModelCode::trusted("a");

class FetchedImagesTest : public testing::Test {
  protected:
    std::optional<Image> get(const std::string& content, const ModelCode& code = kCode) {
        return cache_.get(code, sha256_hex(content), [&](const ContentCache::Sink& sink) {
            ++fetched_;
            sink(content);
            return true;
        });
    }
    std::filesystem::path path(const Image& image) const {
        return assets_ / ".images" / image.relative_path;
    }

    test::TemporaryFolder assets_;
    ImageCache cache_{assets_.path()};
    std::atomic<int> fetched_ = 0;
};

TEST_F(FetchedImagesTest, AnImageIsFetchedOnce) {
    const auto image = get("image").value();
    EXPECT_EQ(image.sha256, sha256_hex("image"));
    EXPECT_EQ(image.relative_path, "a/" + image.sha256 + ".bin");
    EXPECT_EQ(content_of(path(image)), "image");
    EXPECT_EQ(get("image").value().relative_path, image.relative_path);
    EXPECT_EQ(fetched_, 1);
    EXPECT_EQ(names_in(assets_ / ".images"), Names{"a"});  // no lock is left
}

TEST_F(FetchedImagesTest, ManyAtOnceFetchItOnce) {
    test::in_parallel(
        12, [&](std::size_t) { EXPECT_EQ(content_of(path(get("image").value())), "image"); });
    EXPECT_EQ(fetched_, 1);
}

TEST_F(FetchedImagesTest, AnotherImageIsNone) {
    EXPECT_FALSE(cache_.get(kCode, sha256_hex("image"), [](const ContentCache::Sink& sink) {
        sink("another");
        return true;
    }));
    EXPECT_TRUE(get("image"));
}

TEST_F(FetchedImagesTest, WhatIsNotThereLeavesNothing) {
    EXPECT_FALSE(
        cache_.get(kCode, sha256_hex("image"), [](const ContentCache::Sink&) { return false; }));
    EXPECT_EQ(names_in(assets_ / ".images/a"), Names{});
    EXPECT_EQ(names_in(assets_ / ".images"), Names{"a"});
}

TEST_F(FetchedImagesTest, WhoWaitedForOneThatFailedDoesNotTryItAgain) {
    constexpr int kThreads = 6;
    std::atomic<int> waited = 0;
    const auto all_ask_at_once = [&] {
        std::atomic<int> asked = 0;
        std::atomic<int> tried = 0;
        std::atomic<int> failed = 0;
        const auto fetch = [&](const ContentCache::Sink&) -> bool {
            ++tried;
            EXPECT_TRUE(test::eventually([&] { return asked == kThreads; }));
            throw std::logic_error("the store is away");
        };
        test::in_parallel(kThreads, [&](std::size_t) {
            ++asked;
            try {
                cache_.get(kCode, sha256_hex("image"), fetch);
                ADD_FAILURE() << "got it";
            } catch (const FetchFailed&) {
                ++waited;
            } catch (const std::logic_error&) {
                ++failed;
            }
        });
        EXPECT_EQ(failed, tried);
    };
    // Who asked a moment too late to have waited tries it, and that is right, too.
    EXPECT_TRUE(test::eventually([&] {
        all_ask_at_once();
        return waited > 0;
    }));
    EXPECT_TRUE(get("image"));  // whoever comes later does
}

TEST_F(FetchedImagesTest, TheOldestGoWhereAllModelsTakeTooMuch) {
    const auto other = ModelCode::trusted("b");
    const auto first = get("first 10 b").value();
    const auto second = get("second 10b", other).value();
    const auto third = get("third 10 b").value();
    test::backdate(path(first), hours(3));
    test::backdate(path(second), hours(2));
    cache_.trim(30);
    EXPECT_TRUE(exists(path(first)));
    cache_.trim(29);
    EXPECT_FALSE(exists(path(first)));
    EXPECT_TRUE(exists(path(second)));
    cache_.trim(1);
    EXPECT_FALSE(exists(path(second)));
    EXPECT_TRUE(exists(path(third)));  // it is a moment old: somebody was given its path
    EXPECT_EQ(content_of(path(get("first 10 b").value())), "first 10 b");
    EXPECT_EQ(fetched_, 4);
}

}  // namespace
}  // namespace coredepot::storage
