#include "storage/elf_cache.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

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

class ElfCacheTest : public testing::Test {
  protected:
    void replace_bundle(const std::string& content) const {
        test::replace_file(parent_ / "bundle", content);
    }

    /// Asks the cache; unpacking gives "ELF of " and the bundle's content.
    UnpackedElf get() {
        const auto bundle = os::open_existing(parent_ / "bundle");
        return cache_.get(bundle.value(), [&](const ElfCache::Sink& sink) {
            ++unpacked_;
            sink("ELF of ");
            sink(os::read_all(bundle.value(), 1000, "bundle"));
        });
    }
    /// The same, its bytes.
    std::string get_bytes() {
        const auto elf = get();
        ::lseek(elf.file.get(), 0, SEEK_SET);
        return os::read_all(elf.file, 1000, "elf");
    }

    std::filesystem::path path(const UnpackedElf& elf) const {
        return parent_ / ".elf-cache" / (elf.sha256 + ".elf");
    }

    test::TemporaryFolder parent_;
    ElfCache cache_{parent_.path()};
    std::atomic<int> unpacked_ = 0;
};

TEST_F(ElfCacheTest, AnElfIsNamedAfterItsContent) {
    replace_bundle("one");
    const auto elf = get();
    EXPECT_EQ(elf.sha256, sha256_hex("ELF of one"));
    EXPECT_EQ(content_of(path(elf)), "ELF of one");
    EXPECT_EQ(mode_of(path(elf)), 0640U);
}

TEST_F(ElfCacheTest, IsUnpackedOnce) {
    replace_bundle("one");
    const auto first = get();
    const auto second = get();
    EXPECT_EQ(first.sha256, second.sha256);
    EXPECT_EQ(get_bytes(), "ELF of one");
    EXPECT_EQ(unpacked_, 1);
}

TEST_F(ElfCacheTest, AReplacedBundleGivesItsOwnElf) {
    replace_bundle("one");
    get();
    replace_bundle("two");
    EXPECT_EQ(get_bytes(), "ELF of two");
    replace_bundle("one");
    EXPECT_EQ(get_bytes(), "ELF of one");
    EXPECT_EQ(unpacked_, 3);
}

TEST_F(ElfCacheTest, OneThatWasDamagedIsUnpackedAgain) {
    replace_bundle("one");
    const auto elf = path(get());
    for (const auto* damage : {"", "ELF of on", "ELF of two"}) {
        write_file(elf, damage);
        EXPECT_EQ(get_bytes(), "ELF of one");
        EXPECT_EQ(content_of(elf), "ELF of one");
    }
    EXPECT_EQ(unpacked_, 4);
}

TEST_F(ElfCacheTest, OneThatWasDeletedIsUnpackedAgain) {
    replace_bundle("one");
    remove(path(get()));
    EXPECT_EQ(get_bytes(), "ELF of one");
    EXPECT_EQ(unpacked_, 2);
}

TEST_F(ElfCacheTest, ALinkToSomewhereElseIsNotFollowed) {
    replace_bundle("one");
    get();
    write_file(parent_ / "secret.elf", "secret");
    for (const auto& entry : std::filesystem::directory_iterator(parent_ / ".elf-cache")) {
        if (!entry.is_symlink()) continue;
        remove(entry.path());
        create_symlink("../secret.elf", entry.path());
    }
    EXPECT_EQ(get_bytes(), "ELF of one");
}

TEST_F(ElfCacheTest, WhatFailsToUnpackLeavesNothing) {
    replace_bundle("one");
    const auto bundle = os::open_existing(parent_ / "bundle");
    EXPECT_THROW(cache_.get(bundle.value(),
                            [](const ElfCache::Sink& sink) {
                                sink("half");
                                throw std::runtime_error("damaged");
                            }),
                 std::runtime_error);
    EXPECT_EQ(names_in(parent_ / ".elf-cache"), std::vector<std::string>{});
}

TEST_F(ElfCacheTest, IsBoundedAndItsLinksWithIt) {
    for (int i = 0; i < 100; ++i) {
        replace_bundle(std::to_string(i));
        EXPECT_EQ(get_bytes(), "ELF of " + std::to_string(i));
    }
    EXPECT_LE(names_in(parent_ / ".elf-cache").size(), 2U * 32 + 1);
}

TEST_F(ElfCacheTest, ManyAskAtOnce) {
    constexpr std::size_t kBundles = 3;
    for (std::size_t i = 0; i < kBundles; ++i) {
        write_file(parent_ / std::to_string(i), std::to_string(i));
    }
    test::in_parallel(12, [&](std::size_t thread) {
        for (std::size_t round = 0; round < 20; ++round) {
            const auto name = std::to_string((thread + round) % kBundles);
            const auto bundle = os::open_existing(parent_ / name);
            const auto elf =
                cache_.get(bundle.value(), [&](const ElfCache::Sink& sink) { sink(name); });
            EXPECT_EQ(elf.sha256, sha256_hex(name));
            // One in a while somebody's disk is full, or an admin empties the folder.
            if (round % 7 == 0) remove(path(elf));
        }
    });
    EXPECT_LE(names_in(parent_ / ".elf-cache").size(), 2 * kBundles);
}

// Two runners that each fetched a bundle of 40 MB did so for one ELF.
TEST_F(ElfCacheTest, OfThoseWhoWantOneAtOnceOneFetchesIt) {
    constexpr std::size_t kWho = 4;
    std::atomic<std::size_t> asking = 0;
    const std::string elf = "ELF of a bucket";
    test::in_parallel(kWho, [&](std::size_t /*thread*/) {
        ++asking;
        const auto found = cache_.get(sha256_hex(elf), [&](const ElfCache::Sink& sink) {
            ++unpacked_;
            while (asking < kWho) std::this_thread::yield();
            sink(elf);
        });
        EXPECT_EQ(found.sha256, sha256_hex(elf));
    });
    EXPECT_EQ(unpacked_, 1);
}

TEST_F(ElfCacheTest, WhoGetsAnotherOneIsToldAndTheOthersFetchAgain) {
    const auto get = [&](const std::string& bytes) {
        return cache_.get(sha256_hex("one"), [&](const ElfCache::Sink& sink) { sink(bytes); })
            .sha256;
    };
    EXPECT_EQ(get("other"), sha256_hex("other"));
    EXPECT_EQ(get("one"), sha256_hex("one"));
}

}  // namespace
}  // namespace coredepot::storage
