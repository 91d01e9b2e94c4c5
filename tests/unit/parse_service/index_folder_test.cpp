// The cache folder of the sidecar, and what becomes of decoding when it does not work.

#include "parse_service/index_folder.hpp"

#include <span>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/output/report_text.hpp"
#include "support/parallel.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::parse_service {
namespace {

using test::content_of;
using test::names_in;
using test::write_file;

class IndexFolderTest : public testing::Test {
  protected:
    /// What a process of the sidecar that was started just now says of a dump.
    std::string decode() const {
        decoder::ElfShelf shelf(decoder::kMaxShelfBytes, index_folder(folder_));
        const auto dump = content_of(data_ / "coredump.bin");
        return decoder::to_text(
            decoder::decode(std::as_bytes(std::span(dump)), shelf, data_ / "thermostat.elf", ""));
    }

    const std::filesystem::path data_ = COREDEPOT_SOURCE_DIR "/tests/data/crash";
    test::TemporaryFolder parent_;
    const std::filesystem::path folder_ = parent_ / "cache";
};

TEST_F(IndexFolderTest, HasAFileForEachElf) {
    const auto output = decode();
    const auto names = names_in(folder_);
    EXPECT_EQ(names,
              std::vector{decoder::ElfFile(data_ / "thermostat.elf").sha256() + "-v2.index"});
    const auto written = content_of(folder_ / names.at(0));
    EXPECT_EQ(decode(), output);
    EXPECT_EQ(content_of(folder_ / names.at(0)), written);
}

TEST_F(IndexFolderTest, WhatIsDamagedIsWrittenAnew) {
    const auto output = decode();
    const auto file = folder_ / names_in(folder_).at(0);
    const auto written = content_of(file);
    for (const auto& damage : {std::string(), written.substr(0, 100), std::string(5000, 'x'),
                               std::string(20'000'000, '\0')}) {
        write_file(file, damage);
        EXPECT_EQ(decode(), output);
        EXPECT_EQ(content_of(file), written);
    }
}

TEST_F(IndexFolderTest, AFolderThatCannotBeHasNoSayInTheOutput) {
    const auto output = decode();
    remove_all(folder_);
    write_file(folder_, "a file where the folder should be");
    EXPECT_EQ(decode(), output);
    remove_all(parent_.path());
    EXPECT_EQ(decode(), output);
}

TEST_F(IndexFolderTest, ManyProcessesAtOnce) {
    const auto output = decode();
    test::in_parallel(6, [&](std::size_t thread) {
        for (int i = 0; i < 10; ++i) {
            std::error_code others_write;
            if (thread == 0) remove_all(folder_, others_write);
            EXPECT_EQ(decode(), output);
        }
    });
}

}  // namespace
}  // namespace coredepot::parse_service
