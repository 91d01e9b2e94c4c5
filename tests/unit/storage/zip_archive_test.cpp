#include "storage/zip_archive.hpp"

#include <gtest/gtest.h>

#include "os/files.hpp"
#include "support/firmware.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

using namespace std::string_literals;

const test::Entries kEntries{{"a", "first"}, {"b/c", std::string(200'000, 'x')}, {"empty", ""}};

TEST(ZipArchive, ListsItsEntriesInOrder) {
    const auto bytes = test::zip(kEntries);
    const auto archive = ZipArchive::from_memory(bytes);
    ASSERT_EQ(archive.entries().size(), 3U);
    EXPECT_EQ(archive.entries()[0].name, "a");
    EXPECT_EQ(archive.entries()[1].name, "b/c");
    EXPECT_FALSE(archive.entries()[0].encrypted);
}

TEST(ZipArchive, FindsByName) {
    const auto bytes = test::zip(kEntries);
    const auto archive = ZipArchive::from_memory(bytes);
    ASSERT_NE(archive.find("b/c"), nullptr);
    EXPECT_EQ(archive.find("b/c")->index, 1U);
    EXPECT_EQ(archive.find("B/C"), nullptr);
    EXPECT_EQ(archive.find(""), nullptr);
}

TEST(ZipArchive, UnpacksWhatWasPacked) {
    const auto bytes = test::zip(kEntries);
    const auto archive = ZipArchive::from_memory(bytes);
    for (const auto& [name, content] : kEntries) {
        EXPECT_EQ(archive.read(*archive.find(name), 1'000'000), content);
    }
}

TEST(ZipArchive, ReadsFromAFileAsFromMemory) {
    const test::TemporaryFolder folder;
    test::write_file(folder / "x.zip", test::zip(kEntries));
    auto file = os::open_existing(folder / "x.zip");
    const auto archive = ZipArchive::from_file(file.value());
    file.reset();
    remove(folder / "x.zip");  // it keeps the file open
    EXPECT_EQ(archive.read(*archive.find("a"), 100), "first");
}

TEST(ZipArchive, NoMoreThanTheLimitComesOut) {
    const auto bytes = test::zip(kEntries);
    const auto archive = ZipArchive::from_memory(bytes);
    EXPECT_EQ(archive.read(*archive.find("b/c"), 200'000).size(), 200'000U);
    std::size_t got = 0;
    EXPECT_THROW(archive.extract(*archive.find("b/c"), 199'999,
                                 [&](std::string_view piece) { got += piece.size(); }),
                 ZipError);
    EXPECT_LE(got, 199'999U);
    EXPECT_EQ(archive.read(*archive.find("empty"), 0), "");
}

TEST(ZipArchive, KnowsWhatIsEncrypted) {
    const auto bytes = test::zip({{"a", "secret"}}, "password");
    const auto archive = ZipArchive::from_memory(bytes);
    EXPECT_TRUE(archive.entries()[0].encrypted);
    EXPECT_THROW(archive.read(archive.entries()[0], 100), ZipError);
}

TEST(ZipArchive, WhatIsNoArchiveIsAZipError) {
    const test::TemporaryFolder folder;
    for (const auto& bytes : {"x"s, "PK\x03\x04"s, std::string(100'000, 'x')}) {
        EXPECT_THROW(ZipArchive::from_memory(bytes), ZipError);
        test::write_file(folder / "x.zip", bytes);
        EXPECT_THROW(ZipArchive::from_file(os::open_existing(folder / "x.zip").value()), ZipError);
    }
}

TEST(ZipArchive, AnEmptyArchiveIsOne) {
    const auto bytes = "PK\x05\x06"s + std::string(18, '\0');
    EXPECT_TRUE(ZipArchive::from_memory(bytes).entries().empty());
    EXPECT_TRUE(ZipArchive::from_memory("").entries().empty());  // so says libzip
}

TEST(ZipArchive, DescriptorsAreGivenBack) {
    const test::TemporaryFolder folder;
    test::write_file(folder / "good.zip", test::zip(kEntries));
    test::write_file(folder / "bad.zip", "not a zip");
    const auto open_descriptors = [] { return test::names_in("/proc/self/fd").size(); };
    const auto before = open_descriptors();
    for (int i = 0; i < 10; ++i) {
        ZipArchive::from_file(os::open_existing(folder / "good.zip").value());
        EXPECT_THROW(ZipArchive::from_file(os::open_existing(folder / "bad.zip").value()),
                     ZipError);
    }
    EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace coredepot::storage
