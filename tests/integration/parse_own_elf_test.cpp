// Core dumps of which the sidecar says which ELF they were made by, whatever version their device
// says.

#include "core/firmware/firmware_uploads.hpp"
#include "db/requeue.hpp"
#include "parse_bench.hpp"
#include "sha256.hpp"
#include "support/firmware.hpp"

namespace coredepot {
namespace {

using test::SidecarReply;
using Names = std::vector<std::string>;

class OwnElf : public test::ParseBench {
  protected:
    OwnElf() {
        sql("TRUNCATE device_models CASCADE");
        model_code_ = "thermostat";
        model_ = add_model(model_code_);
        device_ = add_device(model_, kKey);
        sidecar_.will_describe(SidecarReply::description(sha256_hex(elf_).substr(0, 9)));
    }

    /// As a pipeline uploads it.
    void upload(const std::string& version, const std::string& elf) {
        db::FirmwareVersions versions(database_);
        db::DeviceModels models(database_);
        db::Requeue requeue(database_);
        core::FirmwareUploads uploads(versions, requeue, storage::FirmwareStore(assets_.path()),
                                      std::nullopt, {100'000'000, 20});
        uploads.accept(models.find(model_).value(),
                       test::zip(test::bundle_entries(model_code_, version, elf)));
    }

    db::Database database_{test::database_url(test::Role::Writer), "test", db::Mode::ReadWrite};
    const std::string dump_ = test::thermostat_file("coredump.bin");
    const std::string elf_ = test::thermostat_file("thermostat.elf");
};

TEST_F(OwnElf, TheBundleOfItsVersionWhenThatIsIt) {
    add_bundle("1.4.2", elf_);
    const auto id = add_dump(1, "1.4.2", dump_);
    sidecar_.on_request([&](const std::string& target) {
        EXPECT_EQ(staged_core(target), dump_);
        EXPECT_EQ(staged_elf(target), elf_);
    });
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(OwnElf, TheOneBundleThatHasItWhateverTheDeviceSays) {
    add_bundle("1.4.2", elf_);
    add_bundle("1.5.0", "a newer ELF");
    const auto id = add_dump(1, "1.5.0", dump_);
    sidecar_.on_request([&](const std::string& target) { EXPECT_EQ(staged_elf(target), elf_); });
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

// A crash of before an update is reported after it, by a version that may have no bundle.
TEST_F(OwnElf, AlsoWhereTheDevicesVersionHasNoBundle) {
    add_bundle("1.4.2", elf_);
    const auto id = add_dump(1, "1.5.0", dump_);
    sidecar_.on_request([&](const std::string& target) { EXPECT_EQ(staged_elf(target), elf_); });
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(OwnElf, AlsoAfterItsVersionWasBuiltAnew) {
    upload("1.4.2", elf_);
    upload("1.4.2", "the ELF of another build");
    sql("UPDATE kept_elves SET needed_at = needed_at - interval '2 days'");
    const auto id = add_dump(1, "1.4.2", dump_);
    sidecar_.on_request([&](const std::string& target) { EXPECT_EQ(staged_elf(target), elf_); });
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
    EXPECT_EQ(sql("SELECT needed_at > now() - interval '1 day' FROM kept_elves"),
              (test::Rows{{"t"}}));
}

// The commit of the row was not seen, and did not happen.
TEST_F(OwnElf, AlsoAfterItsVersionWasBuiltAnewAndTheRowWasNot) {
    upload("1.4.2", elf_);
    const auto rows = sql("SELECT elf_sha256 FROM firmware_versions");
    upload("1.4.2", "the ELF of another build");
    sql("UPDATE firmware_versions SET elf_sha256 = '" + rows[0][0] + "'");
    sql("TRUNCATE kept_elves");
    const auto id = add_dump(1, "1.4.2", dump_);
    sidecar_.on_request([&](const std::string& target) { EXPECT_EQ(staged_elf(target), elf_); });
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(OwnElf, NoBundleAtAllIsAnErrorThatNamesTheElf) {
    const auto id = add_dump(1, "1.5.0", dump_);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id),
              "Unable to parse coredump: firmware ZIP not found for thermostat version 1.5.0, and "
              "no other bundle of thermostat holds the ELF with SHA-256 " +
                  sha256_hex(elf_).substr(0, 9) + "…, which the core dump was made by");
    EXPECT_EQ(column(id, "awaits_elf"), sha256_hex(elf_).substr(0, 9));
}

// Its bytes are a stranger's, and the runner owns rows and files.
TEST_F(OwnElf, IsAskedOfTheSidecarWhichHasNoElfSoFar) {
    add_bundle("1.4.2", elf_);
    const auto id = add_dump(1, "1.4.2", "what only a sidecar can read");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
    const auto core = test::target_parameter(sidecar_.targets().at(0), "core");
    EXPECT_EQ(sidecar_.described(), Names{"/describe-coredump?core=" + core});
}

// As one does that knows no descriptions: the version is all that there is to go by.
TEST_F(OwnElf, IsThatOfTheVersionWhereTheSidecarCannotTell) {
    add_bundle("1.4.2", elf_);
    add_bundle("1.5.0", "a newer ELF");
    sidecar_.on_request(
        [&](const std::string& target) { EXPECT_EQ(staged_elf(target), "a newer ELF"); });
    for (const auto& reply : {SidecarReply::with_status(404), SidecarReply::with_body("{}")}) {
        sidecar_.will_describe(reply);
        const auto id = add_dump(reply.status, "1.5.0", dump_);
        EXPECT_EQ(drain(), 1U);
        EXPECT_EQ(status(id), "PARSED");
    }
}

TEST_F(OwnElf, ASidecarThatDoesNotAnswerIsAskedAgain) {
    add_bundle("1.4.2", elf_);
    const auto id = add_dump(1, "1.4.2", dump_);
    sidecar_.will_describe(SidecarReply::hang_up());
    EXPECT_EQ(drain(), 3U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(attempts(id), "3");
    EXPECT_TRUE(sidecar_.targets().empty());
    EXPECT_TRUE(staged_names().empty());
}

TEST_F(OwnElf, ARunnerThatStopsGivesBackWhatIsNotDescribed) {
    add_bundle("1.4.2", elf_);
    const auto id = add_dump(1, "1.4.2", dump_);
    sidecar_.will_describe(SidecarReply::silence());
    EXPECT_EQ(drain({.stopping = [&] { return !sidecar_.described().empty(); }}), 1U);
    EXPECT_EQ(status(id), "PENDING");
    EXPECT_EQ(attempts(id), "0");
    EXPECT_EQ(column(id, "lease"), "");
}

TEST_F(OwnElf, NoneIsAnErrorThatNamesBoth) {
    add_bundle("1.5.0", "a newer ELF");
    const auto id = add_dump(1, "1.5.0", dump_);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(attempts(id), "0");
    EXPECT_TRUE(sidecar_.targets().empty());
    const auto text = output(id);
    EXPECT_TRUE(text.starts_with("Unable to parse coredump: ")) << text;
    EXPECT_NE(text.find(sha256_hex(elf_).substr(0, 9)), std::string::npos) << text;
    EXPECT_NE(text.find(sha256_hex("a newer ELF")), std::string::npos) << text;
}

TEST_F(OwnElf, WhatWaitsForAnElfIsParsedWhenAnyBundleBringsIt) {
    add_bundle("1.5.0", "a newer ELF");
    const auto id = add_dump(1, "1.5.0", dump_);
    drain();
    EXPECT_EQ(status(id), "ERROR");
    add_bundle("1.4.2", elf_);
    db::Database database(test::database_url(test::Role::Writer), "test", db::Mode::ReadWrite);
    EXPECT_EQ(db::Requeue(database).whose_firmware_arrived(model_), 1);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(OwnElf, OfAnotherModelDoesNotCount) {
    add_bundle("1.5.0", "a newer ELF");
    const auto other = add_model("other");
    sql("INSERT INTO firmware_versions (device_model_id, version, elf_sha256, bin_sha256) VALUES "
        "(" +
        std::to_string(other) + ", '1.4.2', '" + sha256_hex(elf_) + "', '" + sha256_hex(elf_) +
        "')");
    const auto id = add_dump(1, "1.5.0", dump_);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "ERROR");
}

TEST_F(OwnElf, ARowWhoseBundleIsGoneOrReplacedDoesNotCount) {
    add_bundle("1.4.2", elf_);
    add_bundle("1.5.0", "a newer ELF");
    put_bundle("1.4.2", test::zip(test::bundle_entries("thermostat", "1.4.2", "replaced")));
    const auto replaced = add_dump(1, "1.5.0", dump_);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(replaced), "ERROR");
    put_bundle("1.4.2", "damaged");
    const auto damaged = add_dump(2, "1.5.0", dump_);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(damaged), "ERROR");
    remove(assets_ / "thermostat/firmware-1.4.2.zip");
    const auto gone = add_dump(3, "1.5.0", dump_);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(gone), "ERROR");
}

}  // namespace
}  // namespace coredepot
