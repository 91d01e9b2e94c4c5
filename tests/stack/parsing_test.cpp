// From upload to backtrace, with the sidecar that ships with Coredepot.

#include <cstdlib>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "sha256.hpp"
#include "support/command.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;
using coredepot::sha256_hex;

namespace {

namespace fs = std::filesystem;

const bool kStack = use_stack([] { return Settings{{"PARSE_RETRY_SECONDS", "1,1"}}; });

constexpr const char* kChip = "esp32c3";
constexpr const char* kVersion = "1.4.2";  // of the thermostat
constexpr std::size_t kFlashHeader = 24;   // DECODER.md: container version 0x103

/// A bundle around an ELF; the image names it unless it is to be silent.
std::string bundle_of(const FleetModel& model, const std::string& version, const std::string& elf,
                      bool image_names_elf = true) {
    auto entries = bundle_entries(model.code, version, elf);
    if (!image_names_elf) entries = with(entries, model.code + ".bin", esp_image(version));
    return zip(entries);
}

/// A device whose model has the thermostat's firmware.
FleetDevice thermostat() {
    auto device = make_device();
    upload_firmware(device.model,
                    bundle_of(device.model, kVersion, thermostat_file("thermostat.elf")));
    return device;
}

JsonValue verdict_on(const FleetDevice& device, const FleetCoredump& coredump) {
    auto client = stack().client();
    std::string body;
    const bool decided = eventually([&] {
        body = client.get(device.coredump_path(coredump.id)).body;
        return JsonValue::parse(body).at("parse_status").text() != "PENDING";
    });
    EXPECT_TRUE(decided) << body;
    return JsonValue::parse(body);
}

/// Waits for PARSED and gives the output.
std::string output_of(const FleetDevice& device, const FleetCoredump& coredump) {
    const auto detail = verdict_on(device, coredump);
    EXPECT_EQ(detail.at("parse_status").text(), "PARSED") << detail.at("parsed_output").text();
    EXPECT_FALSE(detail.at("parsed_at").is_null());
    return detail.at("parsed_output").text();
}

/// Waits for ERROR and gives the reason.
std::string reason_of(const FleetDevice& device, const FleetCoredump& coredump) {
    const auto detail = verdict_on(device, coredump);
    EXPECT_EQ(detail.at("parse_status").text(), "ERROR");
    EXPECT_TRUE(detail.at("parsed_at").is_null());
    const auto output = detail.at("parsed_output").text();
    const std::string start = "Unable to parse coredump: ";
    EXPECT_TRUE(output.starts_with(start)) << output;
    return output.substr(std::min(start.size(), output.size()));
}

std::string attempts(const FleetCoredump& coredump) {
    return stack().sql_value("SELECT attempts FROM coredumps WHERE id = " +
                             std::to_string(coredump.id));
}

void expect_transfer_folder_empties() {
    EXPECT_TRUE(eventually([] { return visible_names_in(stack().xfer_dir()).empty(); }));
}

/// `#3 function file:line`; "" when the line is no frame.
std::string short_frame(const std::string& line) {
    static const std::regex pattern(
        R"((#[0-9]+) +0x[0-9a-f]{8} in (\S+) \(.*\)(?: at (\S+:[0-9]+))?(?: \[guessed\])?)");
    std::smatch match;
    if (!std::regex_match(line, match, pattern)) return "";
    return match.str(1) + ' ' + match.str(2) + (match.length(3) > 0 ? ' ' + match.str(3) : "");
}

/// The frames under each heading of an output that `heading` matches, with its first group before
/// them as `task NAME`; as in tests/data/crash/expected_backtrace.
std::string frames_under(const std::string& output, const std::regex& heading) {
    std::istringstream lines(output);
    std::string frames;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (line.starts_with('=')) {
            inside = std::regex_match(line, match, heading);
            if (inside) frames += "task " + match.str(1) + '\n';
        } else if (inside && line.starts_with('#')) {
            const auto frame = short_frame(line);
            EXPECT_FALSE(frame.empty()) << line;
            frames += frame + '\n';
        }
    }
    return frames;
}

std::string threads(const std::string& output) {
    return frames_under(output,
                        std::regex(R"(=+ THREAD [0-9]+ \(TCB: 0x[0-9a-f]+, name: '(.*)'\) =+)"));
}

/// The frames of the thread that crashed.
std::string crashed_thread(const std::string& output) {
    return frames_under(output, std::regex("=+ CURRENT THREAD (STACK) =+"));
}

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
    EXPECT_TRUE(title.starts_with("Store/AMO access fault at 0x5 in relay_set_duty (")) << title;
    EXPECT_EQ(list.at(1).at("signature").text(), list.at(2).at("signature").text());
    EXPECT_NE(list.at(0).at("signature").text(), list.at(2).at("signature").text());

    const auto detail = stack().client().get(device.coredump_path(coredump.id)).json();
    EXPECT_EQ(detail.at("title").text(), title);
    EXPECT_EQ(detail.at("report").at("chip").text(), kChip);
    const TemporaryFolder folder;
    write_file(folder / "report", stack().sql_value("SELECT report FROM coredumps WHERE id = " +
                                                    std::to_string(coredump.id)));
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

TEST(Bundle, MissingIsAnErrorAtOnce) {
    const auto device = make_device();
    const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, "9.9 beta");
    EXPECT_EQ(reason_of(device, coredump),
              "firmware ZIP not found for " + device.model.code + " version 9.9 beta");
    EXPECT_EQ(attempts(coredump), "0");
}

TEST(Bundle, OfAPlainImageHasNoElf) {
    const auto device = make_device();
    upload_firmware(device.model, thermostat_file("thermostat.bin"));
    const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
    EXPECT_EQ(reason_of(device, coredump),
              "firmware ZIP not found for " + device.model.code + " version " + kVersion);
}

TEST(Bundle, DamagedOnDiskIsAnErrorAtOnce) {
    const auto device = thermostat();
    const auto file = stack().assets_dir() / device.model.code / "firmware-1.4.2.zip";
    const auto good = read_bytes(file);
    auto flipped = good;
    flipped[good.size() / 2] = static_cast<char>(~flipped[good.size() / 2]);
    const auto no_elf =
        without(bundle_entries(device.model.code, kVersion), device.model.code + ".elf");
    for (const auto& bad : {std::string(), std::string("no ZIP"), good.substr(0, good.size() / 2),
                            flipped, zip(no_elf)}) {
        write_file(file, bad);
        const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
        EXPECT_TRUE(reason_of(device, coredump).starts_with("firmware ZIP"));
        EXPECT_EQ(attempts(coredump), "0");
    }
    write_file(file, good);
    output_of(device, upload(device, thermostat_file("coredump.bin"), kChip, kVersion));
    expect_transfer_folder_empties();
}

TEST(Elf, OfAnotherBuildIsNotUsed) {
    const auto device = make_device();
    // The image does not name its ELF, so the upload cannot tell.
    auto elf = thermostat_file("thermostat.elf");
    const auto right = sha256_hex(elf);
    elf += "another build";
    upload_firmware(device.model, bundle_of(device.model, kVersion, elf, false));
    const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
    const auto reason = reason_of(device, coredump);
    EXPECT_NE(reason.find(right.substr(0, 9)), std::string::npos) << reason;
    EXPECT_NE(reason.find(sha256_hex(elf)), std::string::npos) << reason;
    EXPECT_EQ(attempts(coredump), "0");
}

TEST(Elf, OfAnotherVersionIsUsedWhenTheDumpNamesIt) {
    const auto device = make_device();
    const auto elf = thermostat_file("thermostat.elf");
    upload_firmware(device.model, bundle_of(device.model, "7.0.0", elf));
    upload_firmware(device.model, bundle_of(device.model, kVersion, elf + "another build", false));
    const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
    EXPECT_EQ(threads(output_of(device, coredump)), thermostat_file("expected_backtrace"));
}

TEST(Elf, OfAnotherModelIsNotUsed) {
    thermostat();
    const auto device = make_device();
    upload_firmware(device.model, bundle_of(device.model, kVersion, "another ELF"));
    const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
    EXPECT_NE(reason_of(device, coredump).find(sha256_hex("another ELF")), std::string::npos);
}

TEST(Elf, OfAReplacedBundleIsTheNewOne) {
    const auto device = make_device();
    const auto elf = thermostat_file("thermostat.elf");
    const auto upload_dump = [&] {
        return upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
    };
    for (int round = 0; round < 2; ++round) {
        upload_firmware(device.model, bundle_of(device.model, kVersion, elf, false));
        EXPECT_EQ(threads(output_of(device, upload_dump())), thermostat_file("expected_backtrace"));
        upload_firmware(device.model, bundle_of(device.model, kVersion, elf + "!", false));
        EXPECT_NE(reason_of(device, upload_dump()).find(sha256_hex(elf + "!")), std::string::npos);
    }
}

TEST(Elf, IsKeptForTheNextDump) {
    const auto device = thermostat();
    const auto name = sha256_hex(thermostat_file("thermostat.elf"));
    for (int i = 0; i < 4; ++i) {  // more than there are processes of the sidecar
        const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
        EXPECT_EQ(threads(output_of(device, coredump)), thermostat_file("expected_backtrace"));
    }
    EXPECT_TRUE(fs::exists(stack().xfer_dir() / ".elf-cache" / (name + ".elf")));
    EXPECT_TRUE(fs::exists(stack().state() / "sidecar-cache" / (name + ".index")));
    expect_transfer_folder_empties();
}

TEST(Elf, OfTwoVersionsAtOnce) {
    const auto device = make_device();
    const auto elf = thermostat_file("thermostat.elf");
    upload_firmware(device.model, bundle_of(device.model, kVersion, elf));
    upload_firmware(device.model, bundle_of(device.model, "2.0.0", "the next ELF"));
    const auto old = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
    const auto next = upload(device, "no dump", kChip, "2.0.0");
    EXPECT_EQ(threads(output_of(device, old)), thermostat_file("expected_backtrace"));
    EXPECT_FALSE(reason_of(device, next).empty());
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

class Sidecar : public testing::Test {
  protected:
    static HttpResponse ask(const std::string& query) {
        const auto port = std::to_string(stack().sidecar_port());
        return HttpClient("http://127.0.0.1:" + port).get("/parse-coredump" + query);
    }
    void SetUp() override {
        write_file(stack().xfer_dir() / "core.bin", thermostat_file("coredump.bin"));
        write_file(stack().xfer_dir() / "app.elf", thermostat_file("thermostat.elf"));
        write_file(stack().state() / "x", "outside");
    }
    void TearDown() override {
        fs::remove(stack().xfer_dir() / "core.bin");
        fs::remove(stack().xfer_dir() / "app.elf");
        fs::remove(stack().state() / "x");
    }
};

TEST_F(Sidecar, AnswersWithTextAndMembersForMachines) {
    const auto response = ask("?core=core.bin&elf=app.elf&chip=esp32c3");
    ASSERT_EQ(response.status, 200) << response;
    const auto answer = response.json();
    EXPECT_EQ(threads(answer.at("output").text()), thermostat_file("expected_backtrace"));
    for (const auto* member :
         {"crashed_task", "panic_reason", "exception", "elf_sha256", "backtrace", "threads"}) {
        EXPECT_TRUE(answer.has(member)) << member;
    }
    const auto frame = answer.at("backtrace").at(0);
    EXPECT_EQ(frame.at("function").text(), "relay_set_duty");
    EXPECT_EQ(frame.at("file").text(), "/thermostat/main/heater.c");
    EXPECT_EQ(frame.at("line").integer(), 39);
    EXPECT_TRUE(frame.at("inlined").truth());
    EXPECT_FALSE(frame.at("guessed").truth());
    EXPECT_GT(frame.at("pc").integer(), 0);
}

TEST_F(Sidecar, TakesBareFileNamesOnly) {
    for (const std::string name : {"../x", "..%2fx", "%2fetc%2fpasswd", "/etc/passwd", ".", "..",
                                   "", "core.bin%00", "./core.bin", ".core.bin", "a/../core.bin"}) {
        EXPECT_TRUE(
            is_error(ask("?core=" + name + "&elf=app.elf&chip=esp32c3"), 400, "VALIDATION_FAILED"))
            << name;
        EXPECT_TRUE(
            is_error(ask("?core=core.bin&elf=" + name + "&chip=esp32c3"), 400, "VALIDATION_FAILED"))
            << name;
    }
    for (const auto* query : {"", "?core=core.bin", "?core=core.bin&elf=app.elf",
                              "?core=core.bin&elf=app.elf&chip=", "?elf=app.elf&chip=esp32c3",
                              "?core=core.bin&elf=app.elf&chip=../x"}) {
        EXPECT_TRUE(is_error(ask(query), 400, "VALIDATION_FAILED")) << query;
    }
}

TEST_F(Sidecar, FilesThatAreMissingAreNoVerdict) {
    // 422 would be one, and end in ERROR what another attempt may decode.
    for (const auto* query :
         {"?core=nothing&elf=app.elf&chip=esp32c3", "?core=core.bin&elf=nothing&chip=esp32c3"}) {
        const auto status = ask(query).status;
        EXPECT_TRUE(status >= 400 && status != 422) << query << ' ' << status;
    }
}

TEST_F(Sidecar, WhatCannotBeDecodedIs422WithAReason) {
    write_file(stack().xfer_dir() / "core.bin", "no core dump");
    const auto response = ask("?core=core.bin&elf=app.elf&chip=esp32c3");
    EXPECT_EQ(response.status, 422) << response;
    EXPECT_FALSE(response.json().at("error").text().empty());
}

TEST_F(Sidecar, HasNothingElse) {
    HttpClient client("http://127.0.0.1:" + std::to_string(stack().sidecar_port()));
    for (const auto* path :
         {"/", "/health", "/api/devices", "/parse-coredump/", "/_internal/error"}) {
        EXPECT_TRUE(is_error(client.get(path), 404, "RECORD_NOT_FOUND")) << path;
    }
    EXPECT_EQ(client.post("/parse-coredump", "x").status, 405);
}

}  // namespace
