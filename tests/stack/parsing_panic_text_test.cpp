// A device that keeps no core dump sends what its panic handler printed.

#include <gtest/gtest.h>

#include "backtrace.hpp"
#include "support/command.hpp"
#include "support/firmware.hpp"
#include "support/stack_environment.hpp"
#include "support/verdict.hpp"
#include "thermostat.hpp"

using namespace coredepot::test;

namespace {

std::string panic_text(const std::string& name) {
    return read_bytes(std::string(COREDEPOT_SOURCE_DIR) + "/tests/data/panic_text/" + name);
}

TEST(PanicText, IsTheSameBugAsItsCoreDump) {
    const auto device = thermostat();
    const auto dump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
    const auto text = upload(device, panic_text("thermostat.txt"), kChip, kVersion);
    output_of(device, dump);
    const auto output = output_of(device, text);
    EXPECT_NE(output.find("\nSource: panic_text\n"), std::string::npos) << output;
    const auto list = stack().client().get(device.coredumps_path()).json().at("coredumps");
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list.at(0).at("signature").text(), list.at(1).at("signature").text());
    EXPECT_EQ(list.at(0).at("title").text(), list.at(1).at("title").text());

    const auto report = stack().client().get(device.coredump_path(text.id)).json().at("report");
    EXPECT_EQ(report.at("source").text(), "panic_text");
    const TemporaryFolder folder;
    write_file(folder / "report", report_of(device, text));
    const std::string source = COREDEPOT_SOURCE_DIR;
    const auto checked =
        run_command({source + "/tests/stack/openapi/check",
                     source + "/docs/crash-report.schema.json", "--instance", folder / "report"});
    EXPECT_EQ(checked.status, 0) << checked.output;
}

TEST(PanicText, ElfOfAnotherVersionIsUsedWhenTheTextNamesIt) {
    const auto device = make_device();
    const auto elf = thermostat_file("thermostat.elf");
    upload_firmware(device.model, bundle_of(device.model, "7.0.0", elf));
    upload_firmware(device.model, bundle_of(device.model, kVersion, elf + "another build", false));
    const auto text = upload(device, panic_text("thermostat_abort.txt"), kChip, kVersion);
    EXPECT_NE(output_of(device, text).find("app_main"), std::string::npos);
}

TEST(PanicText, ThatWasCutOffEndsInErrorWithAReason) {
    const auto device = thermostat();
    const auto text = panic_text("thermostat.txt");
    const auto cut = upload(device, text.substr(0, text.find("Core  0 register")), kChip, kVersion);
    EXPECT_NE(reason_of(device, cut).find("panic that was cut off"), std::string::npos);
    EXPECT_EQ(attempts(cut), "1");
}

}  // namespace
