// Core dumps of which the sidecar says which ELF they were made by, whatever version their device
// says.

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
