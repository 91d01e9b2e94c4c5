// The firmware that a core dump is parsed with: bundles that cannot serve, and the ELF of which
// bundle it is.

#include <gtest/gtest.h>

#include "backtrace.hpp"
#include "sha256.hpp"
#include "support/firmware.hpp"
#include "support/stack_environment.hpp"
#include "support/verdict.hpp"
#include "thermostat.hpp"

using namespace coredepot::test;
using coredepot::sha256_hex;

namespace {

namespace fs = std::filesystem;

TEST(Bundle, MissingIsAnErrorAtOnce) {
    const auto device = make_device();
    const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, "9.9 beta");
    EXPECT_TRUE(reason_of(device, coredump)
                    .starts_with("firmware ZIP not found for " + device.model.code +
                                 " version 9.9 beta, and no other bundle of "));
    EXPECT_EQ(attempts(coredump), "0");
}

TEST(Bundle, OfAPlainImageHasNoElf) {
    const auto device = make_device();
    upload_firmware(device.model, thermostat_file("thermostat.bin"));
    const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
    EXPECT_TRUE(reason_of(device, coredump)
                    .starts_with("firmware ZIP not found for " + device.model.code + " version " +
                                 kVersion + ", and no other bundle of "));
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

TEST(Elf, OfAReplacedBuildIsStillFound) {
    const auto device = make_device();
    const auto elf = thermostat_file("thermostat.elf");
    for (int round = 0; round < 2; ++round) {
        for (const auto* end : {"", "!"}) {
            upload_firmware(device.model, bundle_of(device.model, kVersion, elf + end, false));
            const auto coredump = upload(device, thermostat_file("coredump.bin"), kChip, kVersion);
            EXPECT_EQ(threads(output_of(device, coredump)), thermostat_file("expected_backtrace"));
        }
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
    EXPECT_TRUE(fs::exists(stack().state() / "sidecar-cache" / (name + "-v2.index")));
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

}  // namespace
