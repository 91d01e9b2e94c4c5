#include "storage/image_cache.hpp"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "os/files.hpp"
#include "sha256.hpp"
#include "support/parallel.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

using test::content_of;
using test::mode_of;
using test::names_in;
using test::write_file;

const ModelCode kCode = ModelCode::trusted("a");

class ImageCacheTest : public testing::Test {
  protected:
    void replace_source(const std::string& content) const {
        test::replace_file(assets_ / "source", content);
    }

    /// Asks the cache; unpacking gives "image of " and the source's content.
    Image get() {
        const auto source = os::open_existing(assets_ / "source");
        return cache_.get(kCode, source.value(), [&] {
            ++unpacked_;
            return "image of " + os::read_all(source.value(), 1000, "source");
        });
    }

    std::filesystem::path path(const Image& image) const {
        return assets_ / ".images" / image.relative_path;
    }

    /// What is in the cache's folder without the links.
    std::size_t images() const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(assets_ / ".images/a")) {
            if (!entry.is_symlink()) ++count;
        }
        return count;
    }

    test::TemporaryFolder assets_;
    ImageCache cache_{assets_.path()};
    std::atomic<int> unpacked_ = 0;
};

TEST_F(ImageCacheTest, AnImageIsNamedAfterItsContent) {
    replace_source("one");
    const auto image = get();
    EXPECT_EQ(image.sha256, sha256_hex("image of one"));
    EXPECT_EQ(image.relative_path, "a/" + image.sha256 + ".bin");
    EXPECT_EQ(content_of(path(image)), "image of one");
    EXPECT_EQ(mode_of(path(image)), 0640U);
}

TEST_F(ImageCacheTest, IsUnpackedOnce) {
    replace_source("one");
    const auto first = get();
    const auto second = get();
    EXPECT_EQ(first.relative_path, second.relative_path);
    EXPECT_EQ(first.sha256, second.sha256);
    EXPECT_EQ(unpacked_, 1);
}

TEST_F(ImageCacheTest, AReplacedSourceGivesItsOwnImageAndTheOldOneStays) {
    replace_source("one");
    const auto old = get();
    replace_source("two");
    const auto current = get();
    EXPECT_NE(current.sha256, old.sha256);
    EXPECT_EQ(content_of(path(current)), "image of two");
    EXPECT_EQ(content_of(path(old)), "image of one");
}

TEST_F(ImageCacheTest, ASourceThatIsWrittenToIsAnotherSource) {
    write_file(assets_ / "source", "one");
    get();
    const auto before = last_write_time(assets_ / "source");
    write_file(assets_ / "source", "two");
    last_write_time(assets_ / "source", before);  // the change time still tells
    EXPECT_EQ(content_of(path(get())), "image of two");
}

TEST_F(ImageCacheTest, AnImageThatWasDeletedIsUnpackedAgain) {
    replace_source("one");
    remove(path(get()));
    EXPECT_EQ(content_of(path(get())), "image of one");
    EXPECT_EQ(unpacked_, 2);
}

TEST_F(ImageCacheTest, OfManyOldImagesTheNewestFewStay) {
    for (int i = 0; i < 20; ++i) {
        replace_source(std::to_string(i));
        const auto image = get();
        EXPECT_EQ(content_of(path(image)), "image of " + std::to_string(i));
        test::backdate(path(image), std::chrono::hours(1));
    }
    EXPECT_EQ(images(), 8U);
    EXPECT_LE(names_in(assets_ / ".images/a").size(), 16U);  // with their links
    get();
    EXPECT_EQ(unpacked_, 20);
}

// A busy machine replaced nine images while one request waited for the file that it had been given.
TEST_F(ImageCacheTest, NoYoungImageIsRemoved) {
    replace_source("first");
    const auto first = get();
    for (int i = 0; i < 20; ++i) {
        replace_source(std::to_string(i));
        get();
    }
    EXPECT_EQ(content_of(path(first)), "image of first");
}

TEST_F(ImageCacheTest, WhatFailsToUnpackLeavesNothing) {
    replace_source("one");
    const auto source = os::open_existing(assets_ / "source");
    EXPECT_THROW(cache_.get(kCode, source.value(),
                            []() -> std::string { throw std::runtime_error("damaged"); }),
                 std::runtime_error);
    EXPECT_EQ(names_in(assets_ / ".images"), std::vector<std::string>{});
}

TEST_F(ImageCacheTest, RemoveModelTakesItsImages) {
    replace_source("one");
    get();
    cache_.remove_model(kCode);
    EXPECT_EQ(names_in(assets_ / ".images"), std::vector<std::string>{});
    cache_.remove_model(kCode);
}

// One swept away the file that another was about to give its name: 503 for a reader.
TEST_F(ImageCacheTest, ManyAddAtOnce) {
    test::in_parallel(12, [&](std::size_t thread) {
        for (int i = 0; i < 40; ++i) {
            const auto content = std::to_string(thread) + '.' + std::to_string(i);
            write_file(assets_ / content, content);
            const auto source = os::open_existing(assets_ / content);
            const auto image = cache_.get(kCode, source.value(), [&] { return content; });
            EXPECT_EQ(content_of(path(image)), content);
        }
    });
}

TEST_F(ImageCacheTest, ManyAskAtOnceForOneImage) {
    replace_source("one");
    std::vector<std::thread> threads;
    std::atomic<int> good = 0;
    threads.reserve(16);
    for (int i = 0; i < 16; ++i) {
        threads.emplace_back([&] {
            if (content_of(path(get())) == "image of one") ++good;
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(good, 16);
    EXPECT_EQ(names_in(assets_ / ".images/a").size(), 2U);  // the image and its link
}

TEST_F(ImageCacheTest, TemporaryFilesOfOthersStayUntilTheyAreAbandoned) {
    for (int i = 0; i < 10; ++i) {
        write_file(assets_ / ".images/a" / (".new-" + std::to_string(i)), "half an im");
    }
    test::backdate(assets_ / ".images/a/.new-0", std::chrono::hours(1));
    replace_source("one");
    get();
    EXPECT_FALSE(exists(assets_ / ".images/a/.new-0"));
    EXPECT_TRUE(exists(assets_ / ".images/a/.new-1"));
    EXPECT_EQ(images(), 10U);
}

TEST_F(ImageCacheTest, ManyAskAtOnceForSeveralImages) {
    constexpr int kImages = 4;
    for (int i = 0; i < kImages; ++i) write_file(assets_ / std::to_string(i), std::to_string(i));
    std::vector<std::thread> threads;
    std::atomic<int> good = 0;
    threads.reserve(16);
    for (int i = 0; i < 16; ++i) {
        threads.emplace_back([&, i] {
            auto content = std::to_string(i % kImages);
            const auto source = os::open_existing(assets_ / content);
            const auto image = cache_.get(kCode, source.value(), [&] { return content; });
            if (content_of(path(image)) == content) ++good;
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(good, 16);
    EXPECT_EQ(images(), kImages);
}

}  // namespace
}  // namespace coredepot::storage
