#include "storage/content_cache.hpp"

#include <chrono>
#include <stdexcept>

#include <gtest/gtest.h>
#include <unistd.h>

#include "os/files.hpp"
#include "sha256.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::names_in;
using test::write_file;
using Trust = ContentCache::Trust;

class ContentCacheTest : public testing::TestWithParam<Trust> {
  protected:
    ContentCache open(int version = 1, Trust trust = GetParam()) const {
        return {path_, {".x", version, trust, {2, 1000}}};
    }
    void replace_source(const std::string& content) const {
        test::replace_file(parent_ / "source", content);
    }
    os::Descriptor source() const { return os::open_existing(parent_ / "source").value(); }

    ContentCache::Entry add(const ContentCache& cache, const std::string& content) const {
        return cache.add(source(), [&](const ContentCache::Sink& sink) { sink(content); });
    }
    /// What the cache has of the source as it is now; empty: nothing.
    std::string find(const ContentCache& cache) const {
        const auto entry = cache.find(source());
        if (!entry) return "";
        ::lseek(entry->file.get(), 0, SEEK_SET);
        return os::read_all(entry->file, 1000, "entry");
    }

    test::TemporaryFolder parent_;
    const fs::path path_ = parent_ / "cache";
};

TEST_P(ContentCacheTest, FindsWhatWasAdded) {
    replace_source("one");
    EXPECT_EQ(find(open()), "");
    const auto entry = add(open(), "content");
    EXPECT_EQ(entry.sha256, sha256_hex("content"));
    EXPECT_EQ(entry.name, entry.sha256 + ".x");
    EXPECT_EQ(os::read_all(entry.file, 100, ""), "content");
    EXPECT_EQ(find(open()), "content");
    EXPECT_EQ(open().find(source())->name, entry.name);
}

TEST_P(ContentCacheTest, AReplacedSourceIsAnother) {
    replace_source("one");
    add(open(), "content");
    replace_source("two");
    EXPECT_EQ(find(open()), "");
}

TEST_P(ContentCacheTest, AnotherVersionMakesItsOwn) {
    replace_source("one");
    add(open(1), "as it was made");
    EXPECT_EQ(find(open(2)), "");
    add(open(2), "as it is made now");
    EXPECT_EQ(find(open(2)), "as it is made now");
    EXPECT_EQ(find(open(1)), "as it was made");
}

TEST_P(ContentCacheTest, WhatCannotBeReadIsMadeAgain) {
    replace_source("one");
    const auto path = path_ / add(open(), "content").name;
    fs::remove(path);
    fs::create_symlink(path.filename(), path);  // ELOOP
    EXPECT_EQ(find(open()), "");
    add(open(), "content");
    EXPECT_EQ(find(open()), "content");
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(path)));
}

TEST_P(ContentCacheTest, ALinkToSomewhereElseIsNotFollowed) {
    replace_source("one");
    add(open(), "content");
    write_file(parent_ / "secret.x", "secret");
    for (const auto& entry : fs::directory_iterator(path_)) {
        if (!entry.is_symlink()) continue;
        fs::remove(entry.path());
        fs::create_symlink("../secret.x", entry.path());
    }
    EXPECT_EQ(find(open()), "");
}

TEST_P(ContentCacheTest, WhatFailsLeavesNothing) {
    replace_source("one");
    EXPECT_THROW(open().add(source(),
                            [](const ContentCache::Sink& sink) {
                                sink("half");
                                throw std::runtime_error("damaged");
                            }),
                 std::runtime_error);
    EXPECT_EQ(names_in(path_), std::vector<std::string>{});
}

TEST_P(ContentCacheTest, SourcesOfOneContentShareItsFileAndLeaveFewLinks) {
    for (int i = 0; i < 50; ++i) {
        replace_source(std::to_string(i));
        add(open(), "content");
        EXPECT_EQ(find(open()), "content");
    }
    EXPECT_LE(names_in(path_).size(), 1U + 4 * 2);
}

INSTANTIATE_TEST_SUITE_P(Of, ContentCacheTest, testing::Values(Trust::Checked, Trust::Synced),
                         [](const auto& trust) {
                             return trust.param == Trust::Checked ? "Checked" : "Synced";
                         });

class TrustTest : public ContentCacheTest {};

TEST_P(TrustTest, OnlyWhatIsCheckedIsFoundDamaged) {
    replace_source("one");
    const auto path = path_ / add(open(), "content").name;
    for (const auto* damage : {"", "conten", "CONTENT"}) {
        write_file(path, damage);
        const bool checked = GetParam() == Trust::Checked;
        EXPECT_EQ(find(open()), checked ? "" : damage);
        EXPECT_EQ(fs::exists(path), !checked);
        add(open(), "content");
        EXPECT_EQ(content_of(path), "content");
    }
}

TEST_P(TrustTest, OnlyTheUseOfWhatIsCheckedIsNoted) {
    replace_source("one");
    const auto path = path_ / add(open(), "content").name;
    test::backdate(path, std::chrono::hours(1));
    const auto before = fs::last_write_time(path);
    find(open());
    EXPECT_EQ(fs::last_write_time(path) != before, GetParam() == Trust::Checked);
}

INSTANTIATE_TEST_SUITE_P(Of, TrustTest, testing::Values(Trust::Checked, Trust::Synced),
                         [](const auto& trust) {
                             return trust.param == Trust::Checked ? "Checked" : "Synced";
                         });

}  // namespace
}  // namespace coredepot::storage
