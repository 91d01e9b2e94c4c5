// From upload to backtrace, with the sidecar that ships with Coredepot.

#include <cstdlib>
#include <regex>

#include <gtest/gtest.h>

#include "backtrace.hpp"
#include "support/command.hpp"
#include "support/firmware.hpp"
#include "support/stack_environment.hpp"
#include "support/verdict.hpp"
#include "thermostat.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

const bool kStack = use_stack([] { return Settings{{"PARSE_RETRY_SECONDS", "1,1"}}; });

constexpr std::size_t kFlashHeader = 24;  // of a container of version 0x103, 4 bytes each

TEST(Thermostat, EveryFrameOfEveryTask) {
    const auto device = thermostat();
    const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
    const auto output = output_of(device, coredump);
    const auto expected = thermostat_file("expected_backtrace");
    EXPECT_EQ(threads(output), expected);
    // Of the first task the frames stand at the top as well.
    const auto first = expected.substr(0, expected.find("\ntask ") + 1);
    EXPECT_EQ(crashed_thread(output), "task STACK" + first.substr(first.find('\n')));
    EXPECT_NE(output.find("name: 'main'"), std::string::npos) << output;
    EXPECT_NE(output.find("mcause         0x7"), std::string::npos) << output;
    EXPECT_NE(output.find("mtval          0x5"), std::string::npos) << output;
    EXPECT_EQ(attempts(coredump), "1");
    expect_transfer_folder_empties();
}

TEST(Thermostat, SignatureTitleAndReport) {
    const auto device = thermostat();
    const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
    const auto again = upload(device, thermostat_file("coredump.b64"), kChip, kVersion);
    const auto aborted = upload(device, thermostat_file("coredump_abort.bin"), kChip, kVersion);
    output_of(device, coredump);
    output_of(device, again);
    output_of(device, aborted);
    const auto list = stack().client().get(device.coredumps_path()).json().at("coredumps");
    ASSERT_EQ(list.size(), 3U);  // newest first
    const auto title = list.at(2).at("title").text();
    EXPECT_TRUE(title.starts_with("Store to invalid address at 0x5 in relay_set_duty (")) << title;
    EXPECT_EQ(list.at(1).at("signature").text(), list.at(2).at("signature").text());
    EXPECT_NE(list.at(0).at("signature").text(), list.at(2).at("signature").text());

    const auto detail = stack().client().get(device.coredump_path(coredump.id)).json();
    EXPECT_EQ(detail.at("title").text(), title);
    EXPECT_EQ(detail.at("report").at("chip").text(), kChip);
    const TemporaryFolder folder;
    write_file(folder / "report", report_of(device, coredump));
    const std::string source = COREDEPOT_SOURCE_DIR;
    const auto checked =
        run_command({source + "/tests/stack/openapi/check",
                     source + "/docs/crash-report.schema.json", "--instance", folder / "report"});
    EXPECT_EQ(checked.status, 0) << checked.output;
}

TEST(Thermostat, AbortWithItsPanicReason) {
    const auto device = thermostat();
    const auto coredump = upload(device, thermostat_file("coredump_abort.bin"), kChip, kVersion);
    const auto output = output_of(device, coredump);
    EXPECT_EQ(threads(output), thermostat_file("expected_backtrace_abort"));
    EXPECT_NE(output.find("Panic reason: abort() was called at PC 0x"), std::string::npos)
        << output;
}

TEST(Thermostat, InEachFormThatDevicesSend) {
    const auto device = thermostat();
    const auto image = thermostat_file("coredump.bin");
    ASSERT_EQ(image.substr(kFlashHeader, 4),
              "\x7f"
              "ELF");
    const auto base64 = thermostat_file("coredump.b64");
    const auto log =
        "I (312) boot: hello\r\n================= CORE DUMP START =================\r\n" + base64 +
        "================= CORE DUMP END =================\r\nRebooting...\r\n";
    std::vector<FleetCoredump> coredumps;
    for (const auto& form : {image, image + std::string(4096 - image.size(), '\xff'),
                             image.substr(kFlashHeader), base64, log}) {
        coredumps.push_back(upload(device, form, kChip, kVersion));
    }
    for (const auto& coredump : coredumps) {
        EXPECT_EQ(threads(output_of(device, coredump)), thermostat_file("expected_backtrace"));
    }
    expect_transfer_folder_empties();
}

TEST(Damaged, DumpEndsInErrorWithAReason) {
    const auto device = thermostat();
    const auto image = thermostat_file("coredump.bin");
    auto flipped = image;
    flipped[image.size() / 2] = static_cast<char>(~flipped[image.size() / 2]);
    const auto checksum = upload(device, flipped, kChip, kVersion);
    const auto truncated = upload(device, image.substr(0, image.size() / 2), kChip, kVersion);
    const auto blank = upload(device, std::string(4096, '\xff'), kChip, kVersion);
    const auto nonsense = upload(device, "this is no core dump", kChip, kVersion);
    EXPECT_TRUE(std::regex_search(reason_of(device, checksum), std::regex("checksum")));
    EXPECT_TRUE(std::regex_search(reason_of(device, truncated), std::regex("truncated|bytes")));
    EXPECT_FALSE(reason_of(device, blank).empty());
    EXPECT_FALSE(reason_of(device, nonsense).empty());
    // A verdict is final.
    for (const auto& coredump : {checksum, truncated, blank, nonsense}) {
        EXPECT_EQ(attempts(coredump), "1");
    }
    expect_transfer_folder_empties();
}

TEST(Damaged, DumpOfAnotherChipThanTheElf) {
    const auto device = thermostat();
    const auto coredump = upload(device, thermostat_file("coredump.bin"), "esp32", kVersion);
    EXPECT_TRUE(std::regex_search(reason_of(device, coredump), std::regex("chip|esp32")));
}

TEST(Damaged, ElfThatIsNone) {
    const auto device = make_device();
    upload_firmware(device.model, bundle_of(device.model, kVersion, "no ELF at all"));
    // A dump that does not name its ELF gets as far as the sidecar with this one.
    const auto coredump = upload(device, "no dump either", kChip, kVersion);
    EXPECT_FALSE(reason_of(device, coredump).empty());
}

struct RealDump {
    const char* folder;
    const char* chip;
    std::vector<std::string> frames;  ///< some of the crashed task, in order
};

class RealDumps : public testing::TestWithParam<RealDump> {};

TEST_P(RealDumps, CrashWhereTheReferenceSays) {
    const char* named = std::getenv("CORES_DIR");
    const fs::path cores = named != nullptr ? named : COREDEPOT_SOURCE_DIR "/../shared/cores";
    const auto folder = cores / GetParam().folder;
    if (!fs::exists(folder / "app.elf")) {
        GTEST_SKIP() << "NO REAL CORE DUMP in " << folder << ": say CORES_DIR=… to test with it";
    }
    const auto device = make_device();
    upload_firmware(device.model, bundle_of(device.model, "1.0.0", read_bytes(folder / "app.elf")));
    const auto coredump =
        upload(device, read_bytes(folder / "coredump.b64"), GetParam().chip, "1.0.0");
    const auto frames = crashed_thread(output_of(device, coredump));
    std::size_t at = 0;
    for (const auto& frame : GetParam().frames) {
        const auto found = frames.find(frame, at);
        EXPECT_NE(found, std::string::npos) << frame << " in\n" << frames;
        if (found != std::string::npos) at = found;
    }
    expect_transfer_folder_empties();
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Parsing, RealDumps, testing::Values(
    RealDump{"esp32", "esp32",
             {"#0 panic_abort /", "components/esp_system/panic.c:", " esp_system_abort ", " abort ", " app_main ", " main_task "}},
    RealDump{"esp32c3", "esp32c3",
             {"#0 panic_abort /builds/espressif/esp-idf/components/esp_system/panic.c:472\n",
              "#1 esp_system_abort /builds/espressif/esp-idf/components/esp_system/port/esp_system_chip.c:93\n",
              "#2 abort /builds/espressif/esp-idf/components/newlib/abort.c:38\n",
              " fail_once /Users/erhan/dev/esp-coredump/tests/test_apps/main/test_core_dump.c:14\n"}},
    RealDump{"esp32s3_bin", "esp32s3",
             {"#0 panic_abort /", "components/esp_system/panic.c:", " esp_system_abort ", " abort ", " app_main ", " main_task "}}),
    [](const auto& instance) { return std::string(instance.param.folder); });
// clang-format on

}  // namespace
