// ELFs that are kept in memory, and indexes that are kept elsewhere.

#include "decoder/index/elf_shelf.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/index/index_format.hpp"
#include "decoder/output/report_json.hpp"
#include "decoder/output/report_text.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/elf_editor.hpp"
#include "decoder/support/samples.hpp"
#include "json.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;
using test::TemporaryFile;

/// All that is said of a dump, in both forms.
std::string said(const Report& report) {
    json::Writer writer;
    writer.begin_object();
    write_members(writer, report);
    writer.end_object();
    return to_text(report) + writer.take();
}

/// A store in memory, which tells how it was used.
struct Store {
    std::map<std::string, std::string> indexes;
    int loads = 0;
    int saves = 0;

    IndexStore functions() {
        return {[this](const std::string& sha256) {
                    ++loads;
                    const auto found = indexes.find(sha256);
                    return found == indexes.end() ? std::nullopt : std::optional{found->second};
                },
                [this](const std::string& sha256, std::string_view index) {
                    ++saves;
                    indexes[sha256] = index;
                }};
    }
};

class ElfShelfTest : public testing::Test {
  protected:
    std::string decode_with(ElfShelf& shelf, const std::filesystem::path& elf) const {
        return said(decode(dump_, shelf, elf, "esp32c3"));
    }

    const std::filesystem::path elf_ = test::crash_dir() / "thermostat.elf";
    const Bytes dump_ = test::read_bytes(test::crash_dir() / "coredump.bin");
    const std::string expected_ = said(decode(dump_, elf_, "esp32c3"));
    const Deadline deadline_;
    Store store_;
};

TEST_F(ElfShelfTest, OneThatIsKeptIsUsedAgain) {
    ElfShelf shelf{kMaxShelfBytes, store_.functions()};
    const PreparedElf* first = nullptr;
    {
        const auto loan = shelf.take(elf_, deadline_);
        first = &*loan;
    }
    EXPECT_EQ(&*shelf.take(elf_, deadline_), first);
    // By its content: under another name, in another file.
    const TemporaryFile copy{test::read_bytes(elf_)};
    EXPECT_EQ(&*shelf.take(copy.path(), deadline_), first);
    EXPECT_EQ(store_.loads, 1);
}

TEST_F(ElfShelfTest, SaysTheSameOfEveryDump) {
    ElfShelf shelf;
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(decode_with(shelf, elf_), expected_);
    }
}

TEST_F(ElfShelfTest, AFileThatWasReplacedIsReadAnew) {
    ElfShelf shelf;
    Bytes bytes = test::read_bytes(elf_);
    const TemporaryFile file{bytes};
    const auto written = last_write_time(file.path());
    const std::string before = shelf.take(file.path(), deadline_)->elf().sha256();
    bytes.back() ^= std::byte{1};
    std::ofstream{file.path(), std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                                       static_cast<std::streamsize>(bytes.size()));
    // The same name, inode, size and time.
    last_write_time(file.path(), written);
    EXPECT_NE(shelf.take(file.path(), deadline_)->elf().sha256(), before);
    EXPECT_NE(test::verdict([&] { decode(dump_, shelf, file.path(), "esp32c3"); }), "");
}

TEST_F(ElfShelfTest, AVerdictOnADumpIsNoReasonToForgetItsElf) {
    ElfShelf shelf;
    EXPECT_NE(test::verdict([&] {
                  decode(test::read_bytes(test::crash_dir() / "coredump.bin"), shelf,
                         test::crash_dir() / "thermostat.bin", "esp32c3");
              }),
              "");
    EXPECT_EQ(shelf.memory(), 0U) << "that was no ELF";
    decode_with(shelf, elf_);
    const auto memory = shelf.memory();
    EXPECT_GT(memory, file_size(elf_));
    EXPECT_NE(test::verdict([&] { decode(dump_, shelf, elf_, "esp32c6"); }), "");
    EXPECT_EQ(shelf.memory(), memory);
}

TEST_F(ElfShelfTest, WhatWasNotUsedForLongestGoesFirst) {
    Bytes bytes = test::read_bytes(elf_);
    std::vector<std::unique_ptr<TemporaryFile>> files;
    for (int i = 0; i < 3; ++i) {
        bytes.push_back(std::byte{0});
        files.push_back(std::make_unique<TemporaryFile>(bytes));
    }
    ElfShelf probe;
    { probe.take(files.at(2)->path(), deadline_); }
    const std::size_t two = probe.memory() * 2;

    ElfShelf shelf{two, store_.functions()};
    for (const int i : {0, 1, 0, 2, 0, 1}) {  // 2 pushes 1 out
        shelf.take(files.at(static_cast<std::size_t>(i))->path(), deadline_);
        EXPECT_LE(shelf.memory(), two);
    }
    EXPECT_EQ(store_.loads, 4);
}

TEST_F(ElfShelfTest, OneThatDoesNotFitIsUsedAllTheSame) {
    ElfShelf shelf{1000};
    EXPECT_EQ(decode_with(shelf, elf_), expected_);
    EXPECT_EQ(shelf.memory(), 0U);
}

TEST_F(ElfShelfTest, ClearForgets) {
    ElfShelf shelf;
    decode_with(shelf, elf_);
    shelf.clear();
    EXPECT_EQ(shelf.memory(), 0U);
    EXPECT_EQ(decode_with(shelf, elf_), expected_);
}

TEST_F(ElfShelfTest, WhoHasTakenOneHasItAlone) {
    ElfShelf shelf;
    decode_with(shelf, elf_);  // remembers where the functions are, which takes some memory
    const auto once = shelf.memory();
    {
        const auto one = shelf.take(elf_, deadline_);
        const auto other = shelf.take(elf_, deadline_);
        EXPECT_NE(&*one, &*other);
    }
    EXPECT_EQ(shelf.memory(), once) << "it is kept once";
    EXPECT_EQ(decode_with(shelf, elf_), expected_);
    EXPECT_EQ(shelf.memory(), once) << "the next dump finds all there";
}

TEST_F(ElfShelfTest, ManyAtOnce) {
    ElfShelf shelf;
    std::vector<std::thread> threads;
    std::vector<int> same(8);
    for (int& count : same) {
        threads.emplace_back([&] {
            for (int i = 0; i < 20; ++i) {
                count += decode_with(shelf, elf_) == expected_ ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(same, std::vector<int>(8, 20));
}

TEST_F(ElfShelfTest, AnIndexIsMadeOnceForAllProcesses) {
    for (int process = 0; process < 3; ++process) {
        ElfShelf shelf{kMaxShelfBytes, store_.functions()};
        EXPECT_EQ(decode_with(shelf, elf_), expected_);
    }
    EXPECT_EQ(store_.saves, 1);
}

TEST_F(ElfShelfTest, AnIndexThatCannotBeReadIsMadeAgain) {
    ElfShelf{kMaxShelfBytes, store_.functions()}.take(elf_, deadline_);
    const auto good = store_.indexes;
    auto& [sha256, index] = *store_.indexes.begin();
    for (const auto& bad : {std::string(), index.substr(0, index.size() / 2),
                            write_index({}, std::string(64, '0')), std::string(100'000, 'x')}) {
        index = bad;
        ElfShelf shelf{kMaxShelfBytes, store_.functions()};
        EXPECT_EQ(decode_with(shelf, elf_), expected_);
        EXPECT_EQ(store_.indexes, good);
    }
}

// libdw unpacks the sections of an ELF for good when it is first asked for them.
TEST_F(ElfShelfTest, ACompressedElfIsTheSameEveryTime) {
    const TemporaryFile packed{test::read_bytes(elf_)};
    test::compress_debug_sections(packed.path());
    ASSERT_LT(file_size(packed.path()), file_size(elf_));
    const Bytes dump = test::without_elf_sha256(dump_);
    const std::string expected = to_text(decode(dump, elf_, ""));
    const auto frames = expected.substr(expected.find("CURRENT THREAD STACK"));
    ElfShelf shelf;
    for (int i = 0; i < 3; ++i) {
        EXPECT_NE(to_text(decode(dump, shelf, packed.path(), "")).find(frames), std::string::npos);
    }
    EXPECT_GE(shelf.memory(), file_size(elf_));
}

// Whoever can write to the cache folder can make an index that is well-formed and wrong.
TEST_F(ElfShelfTest, AForgedIndexMakesNoFrameUp) {
    ElfShelf{kMaxShelfBytes, store_.functions()}.take(elf_, deadline_);
    const std::string sha256 = store_.indexes.begin()->first;
    std::string& bytes = store_.indexes.begin()->second;
    const auto good = read_index(bytes, sha256);
    ASSERT_TRUE(good);
    ASSERT_GT(good->ranges.size(), 10U);
    const Report right = decode(dump_, elf_, "esp32c3");
    const auto forge = [&](auto change) {
        DebugIndex index = *good;
        for (std::size_t i = 0; i < index.ranges.size(); ++i) {
            change(index, i);
        }
        bytes = write_index(index, sha256);
        ElfShelf shelf{kMaxShelfBytes, store_.functions()};
        const Report report = decode(dump_, shelf, elf_, "esp32c3");
        ASSERT_EQ(report.tasks.size(), right.tasks.size());
        for (std::size_t i = 0; i < report.tasks.size(); ++i) {
            EXPECT_EQ(report.tasks[i].name, right.tasks[i].name);
            for (const Frame& frame : report.tasks[i].frames) {
                EXPECT_EQ(frame.line, 0) << frame.function;
                EXPECT_EQ(frame.file, "");
            }
        }
    };
    const auto count = good->ranges.size();
    forge([&](DebugIndex& index, std::size_t i) {  // the units of others
        index.ranges[i].unit = good->ranges[(i + count / 2) % count].unit;
        if (index.ranges[i].unit == good->ranges[i].unit) {
            index.ranges[i].unit = 0;
        }
    });
    forge([](DebugIndex& index, std::size_t i) { index.ranges[i].unit += 1; });
    forge([](DebugIndex& index, std::size_t i) { index.ranges[i].unit = 0xFFFFFFF0; });
    forge([](DebugIndex& index, std::size_t i) {
        index.ranges[i].end += 2;
        index.task_control_block = index.ranges[i].unit;
    });
    forge([](DebugIndex& index, std::size_t /*i*/) { index.ranges.clear(); });
}

struct Pair {
    std::filesystem::path dump, elf;
};

/// Every real dump at hand, with its ELF.
std::vector<Pair> real_dumps() {
    std::vector<Pair> pairs{
        {test::crash_dir() / "coredump.bin", test::crash_dir() / "thermostat.elf"},
        {test::crash_dir() / "coredump_abort.b64", test::crash_dir() / "thermostat.elf"}};
    std::error_code none;
    for (const auto& folder : std::filesystem::directory_iterator{test::cores_dir(), none}) {
        if (exists(folder.path() / "app.elf")) {
            pairs.push_back({folder.path() / "coredump.b64", folder.path() / "app.elf"});
        }
    }
    return pairs;
}

TEST(ElfShelf, SaysOfRealDumpsWhatADecoderWithoutMemorySays) {
    Store store;
    ElfShelf kept{kMaxShelfBytes, store.functions()};
    for (int round = 0; round < 2; ++round) {
        ElfShelf from_indexes{0, store.functions()};
        for (const auto& [dump, elf] : real_dumps()) {
            const Bytes bytes = test::read_bytes(dump);
            const std::string expected = said(decode(bytes, elf, ""));
            EXPECT_EQ(said(decode(bytes, kept, elf, "")), expected) << dump;
            EXPECT_EQ(said(decode(bytes, from_indexes, elf, "")), expected) << dump;
        }
    }
}

}  // namespace
}  // namespace coredepot::decoder
