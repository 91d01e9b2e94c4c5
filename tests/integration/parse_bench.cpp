#include "parse_bench.hpp"

#include "db/coredumps.hpp"
#include "gzip.hpp"
#include "sha256.hpp"
#include "support/firmware.hpp"
#include "support/json_value.hpp"

namespace coredepot::test {

std::int64_t ParseBench::add_dump(std::int64_t at, const std::string& version,
                                  const std::string& bytes) const {
    write_file(dumps_ / kKey / filename_at(at).str(), bytes);
    return add_coredump(device_, at, version);
}

void ParseBench::put_bundle(const std::string& version, const std::string& bytes) const {
    write_file(assets_ / model_code_ / ("firmware-" + version + ".zip"), bytes);
}

void ParseBench::add_bundle(const std::string& version, const std::string& elf) {
    put_bundle(version, zip(bundle_entries(model_code_, version, elf)));
    db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    db::FirmwareVersions(database).record(
        model_, {FirmwareVersion::trusted(version), sha256_hex(elf), sha256_hex("image")}, [] {});
}

std::string ParseBench::output(std::int64_t id) {
    db::Database database(database_url(Role::Reader), "test", db::Mode::ReadOnly);
    const auto detail = db::Coredumps(database).find(std::nullopt, id).value();
    if (!detail.packed) return detail.parsed_output.value_or("");
    constexpr std::size_t kEnough = 1'000'000;
    auto end_of_answer = std::get<std::string>(gunzip(*detail.packed, kEnough));
    end_of_answer.front() = '{';
    return JsonValue::parse(end_of_answer).at("parsed_output").text();
}

std::size_t ParseBench::drain(RunnerSettings settings) {
    db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    database.set_store(settings.store);
    db::ParseQueue queue(database);
    db::FirmwareVersions versions(database);
    core::ElfFinder elves(versions, storage::FirmwareStore(assets_.path()),
                          storage::ElfCache(xfer_.path()), 1'000'000);
    const core::DumpFiles files(storage::DumpStore(dumps_.path()), settings.bucket);
    const storage::TransferFolder transfer(xfer_.path());
    sidecar::Client client(settings.url.empty() ? sidecar_.url() : settings.url);
    db::SidecarOutages outages(database);
    core::ParseRunner runner({queue, elves, files, transfer, client, counters_, outages},
                             std::move(settings.pauses), std::move(settings.stopping),
                             settings.at_once);
    return runner.drain(settings.enough);
}

std::string ParseBench::staged_core(const std::string& target) const {
    return content_of(xfer_ / target_parameter(target, "core"));
}

std::string ParseBench::staged_elf(const std::string& target) const {
    return content_of(xfer_ / target_parameter(target, "elf"));
}

}  // namespace coredepot::test
