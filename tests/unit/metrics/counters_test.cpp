#include "metrics/counters.hpp"

#include <csignal>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/database.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::metrics {
namespace {

using test::in_processes;
using test::names_in;
using namespace std::chrono_literals;

const std::size_t kUpload = *operation_index("iot_upload_coredump");

std::uint64_t successes(const Counters& counters) {
    return counters.durations(kUpload, Outcome::Success).count();
}

void count_upload(Counters& counters) {
    counters.record_response("iot_upload_coredump", 201, 1ms);
}

TEST(Counters, StartAtZero) {
    const Counters counters;
    for (std::size_t i = 0; i < kOperations.size(); ++i) {
        EXPECT_EQ(counters.durations(i, Outcome::Success).count(), 0U);
        EXPECT_EQ(counters.durations(i, Outcome::Error).sum, 0us);
        EXPECT_EQ(counters.responses(i, 0), 0U);
    }
    EXPECT_EQ(counters.parses(ParseOutcome::Parsed), 0U);
    EXPECT_EQ(counters.events(Event::CorruptBundle), 0U);
}

TEST(Counters, KeepOperationsOutcomesAndStatusesApart) {
    Counters counters;
    counters.record_response("iot_upload_coredump", 201, 1ms);
    counters.record_response("iot_upload_coredump", 400, 2ms);
    counters.record_response("iot_upload_coredump", 503, 3ms);
    counters.record_response("iot_get_firmware", 304, 4ms);
    EXPECT_EQ(counters.durations(kUpload, Outcome::Success).count(), 1U);
    EXPECT_EQ(counters.durations(kUpload, Outcome::Success).sum, 1ms);
    EXPECT_EQ(counters.durations(kUpload, Outcome::Error).count(), 2U);
    EXPECT_EQ(counters.durations(kUpload, Outcome::Error).sum, 5ms);
    const auto firmware = *operation_index("iot_get_firmware");
    EXPECT_EQ(counters.durations(firmware, Outcome::Success).count(), 1U);
    EXPECT_EQ(counters.durations(firmware, Outcome::Error).count(), 0U);
    for (std::size_t code = 0; code < kStatusCodes.size(); ++code) {
        const auto status = kStatusCodes.at(code);
        EXPECT_EQ(counters.responses(kUpload, code),
                  status == 201 || status == 400 || status == 503 ? 1U : 0U);
        EXPECT_EQ(counters.responses(firmware, code), status == 304 ? 1U : 0U);
    }
}

TEST(Counters, AStatusThatNobodyExpectsIsCountedAsOther) {
    Counters counters;
    counters.record_response("health", 418, 1ms);
    EXPECT_EQ(counters.responses(*operation_index("health"), kStatusCodes.size() - 1), 1U);
}

TEST(Counters, AnOperationThatThereIsNotIsNotCounted) {
    Counters counters;
    counters.record_response("nothing", 200, 1ms);
    for (std::size_t i = 0; i < kOperations.size(); ++i) {
        EXPECT_EQ(counters.durations(i, Outcome::Success).count(), 0U);
    }
}

TEST(Counters, ADurationIsInTheFirstBucketThatHoldsIt) {
    Counters counters;
    for (const auto took : {0us, 1'000us, 1'001us, 120'000'000us, 120'000'001us}) {
        counters.record_operation("coredump_parse", Outcome::Success, took);
    }
    const auto durations = counters.durations(*operation_index("coredump_parse"), Outcome::Success);
    EXPECT_EQ(durations.buckets.front(), 2U);
    EXPECT_EQ(durations.buckets.at(1), 1U);
    EXPECT_EQ(durations.buckets.at(kDurationBounds.size() - 1), 1U);
    EXPECT_EQ(durations.buckets.back(), 1U);
    EXPECT_EQ(durations.count(), 5U);
    EXPECT_EQ(durations.sum, 240'002'002us);
}

TEST(Counters, AParseThatWasGivenBackIsNoOperation) {
    Counters counters;
    counters.record_parse(ParseOutcome::Released, 1s);
    EXPECT_EQ(counters.parses(ParseOutcome::Released), 1U);
    const auto parse = *operation_index("coredump_parse");
    EXPECT_EQ(counters.durations(parse, Outcome::Success).count(), 0U);
    EXPECT_EQ(counters.durations(parse, Outcome::Error).count(), 0U);
}

TEST(Counters, WithoutAFileAreOfThisObjectAlone) {
    Counters one;
    const Counters other;
    count_upload(one);
    EXPECT_EQ(successes(one), 1U);
    EXPECT_EQ(successes(other), 0U);
}

/// Of a folder of the test's own.
class SharedCounters : public testing::Test {
  protected:
    Counters open() const { return Counters::shared(folder_.path()); }

    std::filesystem::path only_file() const {
        const auto names = names_in(folder_.path());
        EXPECT_EQ(names.size(), 1U);
        return folder_ / names.at(0);
    }

    /// Spoils what is there by `spoil`, and expects a fresh start beside the spoilt file.
    void expect_set_aside(const std::function<void(const std::filesystem::path&)>& spoil) const {
        {
            auto counters = open();
            count_upload(counters);
        }
        const auto path = only_file();
        spoil(path);
        auto counters = open();
        EXPECT_EQ(successes(counters), 0U);
        count_upload(counters);
        EXPECT_EQ(successes(open()), 1U) << "not shared any more";
        const auto names = names_in(folder_.path());
        ASSERT_EQ(names.size(), 2U);
        EXPECT_TRUE(names.at(1).starts_with(path.filename().string() + ".bad-")) << names.at(1);
    }

    test::TemporaryFolder folder_;
};

TEST_F(SharedCounters, SeeWhatAnotherCounted) {
    auto one = open();
    auto other = open();
    count_upload(one);
    count_upload(other);
    EXPECT_EQ(successes(one), 2U);
    EXPECT_EQ(successes(other), 2U);
    one.record(Event::CoredumpEvicted, 7);
    EXPECT_EQ(other.events(Event::CoredumpEvicted), 7U);
}

TEST_F(SharedCounters, OutliveWhoCounted) {
    {
        auto counters = open();
        count_upload(counters);
    }
    EXPECT_EQ(successes(open()), 1U);
}

TEST_F(SharedCounters, LoseNothingBetweenProcessesThatStartAtTheSameTime) {
    constexpr int kProcesses = 16;
    constexpr int kEach = 5'000;
    EXPECT_TRUE(in_processes(kProcesses, [&](int /*number*/) {
        auto counters = open();
        for (int i = 0; i < kEach; ++i) count_upload(counters);
        return true;
    }));
    EXPECT_EQ(successes(open()), std::uint64_t{kProcesses} * kEach);
    only_file();
}

TEST_F(SharedCounters, KeepWhatAKilledProcessCounted) {
    const auto watching = open();
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        auto counters = open();
        while (true) count_upload(counters);
    }
    EXPECT_TRUE(test::eventually([&] { return successes(watching) >= 1'000; }));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto left = successes(watching);
    EXPECT_GE(left, 1'000U);
    EXPECT_EQ(successes(open()), left);
}

TEST_F(SharedCounters, AreForTheGroupToo) {
    const auto before = ::umask(077);
    open();
    ::umask(before);
    EXPECT_EQ(test::mode_of(only_file()), 0660U);
}

TEST_F(SharedCounters, OfATruncatedFileStartAgain) {
    expect_set_aside([](const auto& path) { std::filesystem::resize_file(path, 100); });
}

TEST_F(SharedCounters, OfAFileThatIsShortenedWhileTheyCountKillNobody) {
    EXPECT_TRUE(in_processes(1, [&](int /*number*/) {
        auto counters = open();
        count_upload(counters);
        std::filesystem::resize_file(only_file(), 0);
        count_upload(counters);
        count_upload(counters);
        return successes(counters) == 2;  // alone from here on
    }));
}

TEST_F(SharedCounters, OfAnEmptyFileStartAgain) {
    expect_set_aside([](const auto& path) { std::filesystem::resize_file(path, 0); });
}

TEST_F(SharedCounters, OfALongerFileStartAgain) {
    expect_set_aside([](const auto& path) {
        std::filesystem::resize_file(path, std::filesystem::file_size(path) + 1);
    });
}

TEST_F(SharedCounters, OfAFileWithAnotherHeaderStartAgain) {
    expect_set_aside([](const auto& path) {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file << "something else";
    });
}

TEST_F(SharedCounters, OfASymbolicLinkStartAgain) {
    const test::TemporaryFolder elsewhere;
    expect_set_aside([&](const auto& path) {
        std::filesystem::rename(path, elsewhere / "file");
        std::filesystem::create_symlink(elsewhere / "file", path);
    });
}

TEST_F(SharedCounters, OfAFolderStartAgain) {
    expect_set_aside([](const auto& path) {
        std::filesystem::remove(path);
        std::filesystem::create_directory(path);
    });
}

TEST_F(SharedCounters, OfABadFileStartAgainTogether) {
    open();
    std::filesystem::resize_file(only_file(), 10);
    constexpr int kProcesses = 16;
    EXPECT_TRUE(in_processes(kProcesses, [&](int /*number*/) {
        auto counters = open();
        count_upload(counters);
        return true;
    }));
    EXPECT_EQ(successes(open()), std::uint64_t{kProcesses});
    EXPECT_EQ(names_in(folder_.path()).size(), 2U);
}

TEST_F(SharedCounters, WithoutTheirFolderAreOfThisProcessAndSaySo) {
    testing::internal::CaptureStderr();
    auto counters = Counters::shared(folder_ / "missing");
    const auto log = testing::internal::GetCapturedStderr();
    EXPECT_NE(log.find("metrics are not counted"), std::string::npos) << log;
    EXPECT_NE(log.find((folder_ / "missing").string()), std::string::npos) << log;
    count_upload(counters);
    EXPECT_EQ(successes(counters), 1U);
}

/// They look again each time that something is counted.
class MendedCounters : public SharedCounters {
  protected:
    static Counters open_in(const std::filesystem::path& folder) {
        return Counters::shared(folder, 0s);
    }
};

TEST_F(MendedCounters, OfAFullDiskAreSharedAsSoonAsThereIsRoom) {
    const auto folder = folder_ / "full";
    auto one = open_in(folder);
    auto other = open_in(folder);
    count_upload(one);
    count_upload(other);
    EXPECT_EQ(successes(one), 1U);
    std::filesystem::create_directory(folder);
    count_upload(one);
    count_upload(other);
    EXPECT_EQ(successes(one), 4U) << "what was counted meanwhile is there too";
    EXPECT_EQ(successes(other), 4U);
    EXPECT_EQ(successes(open_in(folder)), 4U);
}

TEST_F(MendedCounters, OfAFolderThatWasRemovedStartAgainTogether) {
    const auto folder = folder_ / "removed";
    std::filesystem::create_directory(folder);
    auto one = open_in(folder);
    auto other = open_in(folder);
    count_upload(one);
    std::filesystem::remove_all(folder);
    count_upload(one);  // there is nowhere to
    std::filesystem::create_directory(folder);
    count_upload(one);
    count_upload(other);
    EXPECT_EQ(successes(one), 2U);
    EXPECT_EQ(successes(other), 2U);
}

TEST_F(MendedCounters, OfAFileThatWasShortenedAreSharedAgain) {
    EXPECT_TRUE(in_processes(1, [&](int /*number*/) {
        auto counters = open_in(folder_.path());
        count_upload(counters);
        std::filesystem::resize_file(only_file(), 0);
        const auto alone = successes(counters);
        count_upload(counters);
        return alone == 0 && successes(counters) == 1 && successes(open()) == 1;
    }));
}

}  // namespace
}  // namespace coredepot::metrics
