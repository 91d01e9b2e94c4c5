// Which files the decoder's programs open, by the kernel's account: what they were given, and what
// the C library reads of its own. An ELF is outside bytes, and names other files.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/support/dump_builder.hpp"
#include "decoder/support/elf_editor.hpp"
#include "decoder/support/samples.hpp"
#include "support/child_process.hpp"
#include "support/command.hpp"
#include "support/fastcgi_client.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::decoder {
namespace {

namespace fs = std::filesystem;
namespace support = coredepot::test;

class Sandbox : public testing::Test {
  protected:
    void SetUp() override {
        fs::create_directory(staged_);
        fs::copy(test::crash_dir() / "coredump.bin", staged_ / "core.bin");
        const auto elf = test::read_bytes(test::crash_dir() / "thermostat.elf");
        write(secret_, elf);
        write(staged_ / "app.elf", test::with_names_in(secret_, elf));
        dump_ = test::without_elf_sha256(test::read_bytes(staged_ / "core.bin"));
        write(staged_ / "core.bin", dump_);
    }

    static void write(const fs::path& path, const test::Bytes& bytes) {
        std::ofstream file(path, std::ios::binary);
        file.write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
        ASSERT_TRUE(file.flush()) << path;
    }

    /// `program` under strace(1), which is its grandchild (-D), so that signals reach the program.
    /// AddressSanitizer cannot look for leaks there.
    std::vector<std::string> traced(std::vector<std::string> program) const {
        std::vector<std::string> command = {
            "/usr/bin/env", "ASAN_OPTIONS=detect_leaks=0", "strace", "-D",  "--follow-forks",
            "-e",           "trace=open,openat,openat2",   "-o",     trace_};
        command.insert(command.end(), program.begin(), program.end());
        return command;
    }

    /// Until strace has written all of it down.
    bool trace_is_complete() const {
        return support::eventually([this] {
            return test::read_text(trace_).find("+++ exited with") != std::string::npos;
        });
    }

    /// Of those that were opened, or tried: all but what every program reads at its start.
    std::vector<std::string> opened() const {
        static const std::regex kPath("open[^(]*\\([^\"]*\"([^\"]*)\"");
        static const std::regex kOfTheSystem(
            "/(lib|usr/lib|usr/share|etc|dev(?!/shm)|proc|sys)/(?!debug).*");
        std::vector<std::string> paths;
        std::istringstream lines(test::read_text(trace_));
        for (std::string line; std::getline(lines, line);) {
            std::smatch match;
            if (!std::regex_search(line, match, kPath)) continue;
            const std::string path = match[1];
            const bool ours = !std::regex_match(path, kOfTheSystem);
            if (ours && std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
        }
        std::ranges::sort(paths);
        return paths;
    }

    const support::TemporaryFolder folder_;
    const fs::path staged_ = folder_ / "staged";
    const fs::path secret_ = folder_ / "another.elf";
    const std::string trace_ = (folder_ / "trace").string();
    const std::vector<std::string> both_ = {(staged_ / "app.elf").string(),
                                            (staged_ / "core.bin").string()};
    test::Bytes dump_;
};

TEST_F(Sandbox, TheToolOpensWhatItIsGiven) {
    const auto result = support::run_command(
        traced({COREDEPOT_BUILD_DIR "/handlers/coredepot-decode", both_.back(), both_.front()}));
    EXPECT_EQ(result.status, 0) << result.output;
    EXPECT_NE(result.output.find("heater.c:39"), std::string::npos) << result.output;
    ASSERT_TRUE(trace_is_complete());
    EXPECT_EQ(opened(), both_);
}

TEST_F(Sandbox, TheSidecarOpensWhatIsStaged) {
    const auto socket = folder_ / "sidecar.sock";
    std::vector<std::string> command = {"/usr/bin/env",
                                        "PARSE_SIDECAR_XFER_DIR=" + staged_.string(),
                                        "spawn-fcgi",
                                        "-n",
                                        "-s",
                                        socket.string(),
                                        "--"};
    const auto program = traced({COREDEPOT_BUILD_DIR "/handlers/parse_sidecar"});
    command.insert(command.end(), program.begin(), program.end());
    std::string answer;
    {
        const support::ChildProcess sidecar(command, folder_ / "log");
        ASSERT_TRUE(support::eventually([&] {
            try {
                answer = support::fastcgi_exchange(
                    socket, {{"REQUEST_METHOD", "GET"},
                             {"DOCUMENT_URI", "/parse-coredump"},
                             {"QUERY_STRING", "core=core.bin&elf=app.elf&chip=esp32c3"}});
                return true;
            } catch (const std::exception&) {
                return false;  // nobody listens yet
            }
        }));
    }
    EXPECT_NE(answer.find("heater.c:39"), std::string::npos)
        << answer << test::read_text(folder_ / "log");
    ASSERT_TRUE(trace_is_complete());
    EXPECT_EQ(opened(), both_);
}

}  // namespace
}  // namespace coredepot::decoder
