#pragma once

#include <set>

#include "core/fsck/fsck.hpp"
#include "db/firmware_versions.hpp"
#include "decoder/decode.hpp"
#include "support/database.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::core {

using namespace std::chrono_literals;
using test::database_url;
using test::names_in;
using test::Role;
using test::write_file;
using Found = std::multiset<std::string>;

inline const FsckOptions kDryRun{.age = 0s, .settle = 0s};
inline const FsckOptions kRepair{.repair = true, .age = 0s, .settle = 0s};
inline const FsckOptions kForce{.repair = true, .force = true, .age = 0s, .settle = 0s};
inline const FsckOptions kMakeDevices{
    .repair = true, .make_devices = true, .age = 0s, .settle = 0s};

class FsckTest : public test::DatabaseTest {
  protected:
    /// `fault: what`, then `!` when it was repaired, and what was done when that is said; paths
    /// below their root.
    Found fsck(const FsckOptions& options) {
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        db::Inventory inventory(database);
        db::Deletions deletions(database);
        db::Devices devices(database);
        db::DeviceModels models(database);
        db::FirmwareVersions versions(database);
        db::Coredumps coredumps(database);
        db::Requeue requeue(database);
        db::DerivedSums sums(database);
        db::KeptFiles files(database);
        const storage::DumpStore store(dumps_.path());
        const storage::DumpQuarantine quarantine(dumps_.path());
        const DumpFiles dump_files(store);
        DumpRecorder recorder(coredumps, dump_files, rules_, counters_);
        LateRows rows(devices, recorder, dump_files);
        Adoption adoption(
            {devices, models, versions, rows, store, quarantine, counters_, decoder::read_facts},
            options.make_devices);
        Found found;
        const auto report = [&](const Finding& finding) {
            auto what = finding.what;
            for (const auto& root :
                 {dumps_.path(), assets_.path(), xfer_.path(), spool_.value_or(dumps_.path())}) {
                const auto prefix = root.string() + '/';
                if (what.starts_with(prefix)) what.erase(0, prefix.size());
            }
            found.insert(std::string(name_of(finding.fault)) + ": " + what +
                         (finding.repaired ? "!" : "") +
                         (finding.outcome.empty() ? "" : " " + finding.outcome));
        };
        Fsck fsck({inventory, deletions, devices, requeue, sums, files, &adoption, nullptr,
                   counters_, report,
                   [&](std::chrono::seconds) {
                       if (meanwhile_) meanwhile_();
                   }},
                  {dumps_.path(), assets_.path(), xfer_.path(), spool_}, options);
        result_ = fsck.run();
        return found;
    }

    static std::string name_at(std::int64_t at, const std::string& key = kKey) {
        return key + '/' + filename_at(at).str();
    }
    /// As an upload stores it.
    std::string put_dump(std::int64_t at, const std::string& key = kKey,
                         const std::string& bytes = "a core dump") const {
        const auto stored = storage::DumpStore(dumps_.path())
                                .store(DeviceKey::trusted(key),
                                       Timestamp(std::chrono::microseconds(at)), bytes, label_);
        EXPECT_EQ(stored.filename, filename_at(at));
        return name_at(at, key);
    }
    /// With its row.
    std::string add_dump(std::int64_t at) const {
        add_coredump(device_, at);
        return put_dump(at);
    }
    void record_version(const std::string& version, bool bundled,
                        const std::string& elf_sha256 = std::string(64, 'a')) const {
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        db::FirmwareVersions(database).record(
            model_,
            {FirmwareVersion::trusted(version), bundled ? std::optional(elf_sha256) : std::nullopt,
             std::string(64, 'b')},
            [] {});
    }
    bool keeps_labels() const { return storage::DumpStore(dumps_.path()).keeps_labels(); }

    static constexpr const char* kKey = "abcd1234";
    std::int64_t model_ = add_model("a");
    std::int64_t device_ = add_device(model_, kKey);
    test::TemporaryFolder dumps_;
    test::TemporaryFolder assets_;
    test::TemporaryFolder xfer_;
    std::optional<std::filesystem::path> spool_;  ///< empty: in dumps_
    DumpLabel label_{Chip::trusted("esp32c3"), FirmwareVersion::trusted("1.4.2"),
                     ModelCode::trusted("a"), std::nullopt};
    db::StoreRules rules_{20};
    metrics::Counters counters_;
    std::function<void()> meanwhile_;
    Fsck::Result result_;
};

}  // namespace coredepot::core
