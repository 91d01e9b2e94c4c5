#pragma once

#include <algorithm>
#include <thread>

#include "core/errors.hpp"
#include "core/firmware/firmware_uploads.hpp"
#include "core/lookup.hpp"
#include "core/registry/device_models.hpp"
#include "database_proxy.hpp"
#include "db/parse_queue.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"
#include "support/database.hpp"
#include "support/firmware.hpp"
#include "support/parallel.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::core {

using test::content_of;
using test::database_url;
using test::names_in;
using test::Role;
using Names = std::vector<std::string>;

constexpr std::uint64_t kMaxBytes = 100'000;
constexpr FirmwareLimits kLimits{kMaxBytes, 20};
const std::string kSha256(64, 'a');

class FirmwareTest : public test::DatabaseTest {
  protected:
    DeviceModel model() { return require_model(models_, model_); }
    FirmwareVersion accept(const std::string& upload) { return uploads_.accept(model(), upload); }

    static std::string bundle(const std::string& version, const std::string& elf =
                                                              "\x7f"
                                                              "ELF") {
        return test::zip(test::bundle_entries("a", version, elf));
    }

    /// version:elf:bin of each row, by version; hashes cut short.
    std::string rows() const {
        return sql_value(
            "SELECT coalesce(string_agg(concat_ws(':', version, left(elf_sha256, 8), "
            "left(bin_sha256, 8)), ' ' ORDER BY version), '') FROM firmware_versions "
            "WHERE device_model_id = " +
            std::to_string(model_));
    }
    /// Where the bundle is kept that has this ELF.
    static std::string kept(const std::string& elf) { return sha256_hex(elf) + ".zip"; }
    static std::string cut(const std::string& bytes) { return sha256_hex(bytes).substr(0, 8); }

    void expect_nothing_changed() {
        EXPECT_FALSE(model().firmware_version);
        EXPECT_EQ(rows(), "");
        EXPECT_FALSE(exists(assets_ / "firmware-a.bin"));
        EXPECT_EQ(names_in(assets_ / "a"), Names{});
    }

    /// For a thread of its own.
    struct Uploader {
        explicit Uploader(FirmwareTest& test) : test(test) {}
        void accept(const std::string& upload) {
            uploads.accept(require_model(models, test.model_), upload);
        }

        FirmwareTest& test;
        db::Database database{database_url(Role::Writer), "test", db::Mode::ReadWrite};
        db::DeviceModels models{database};
        db::FirmwareVersions versions{database};
        db::Requeue requeue{database};
        FirmwareUploads uploads{versions, requeue, test.store_, test.wake_ups_, kLimits};
    };

    std::int64_t model_ = add_model("a");
    test::TemporaryFolder assets_;
    test::TemporaryFolder coredumps_;
    storage::FirmwareStore store_{assets_.path()};
    storage::WakeUps wake_ups_{coredumps_.path()};
    db::Database database_{database_url(Role::Writer), "test", db::Mode::ReadWrite};
    db::DeviceModels models_{database_};
    db::FirmwareVersions versions_{database_};
    db::Requeue requeue_{database_};
    FirmwareUploads uploads_{versions_, requeue_, store_, wake_ups_, kLimits};
};

}  // namespace coredepot::core
