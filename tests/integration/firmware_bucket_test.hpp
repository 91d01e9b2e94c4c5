#pragma once

#include "core/firmware/firmware_downloads.hpp"
#include "core/firmware_bucket.hpp"
#include "firmware_test.hpp"
#include "support/s3_server.hpp"

namespace coredepot::core {

/// Several machines with folders of their own, one database and one bucket.
class FirmwareBucketTest : public FirmwareTest {
  protected:
    struct Machine {
        explicit Machine(FirmwareBucketTest& test, std::int64_t keep_elves = 20)
            : Machine(test, test.patient(), keep_elves) {}
        Machine(FirmwareBucketTest& test, const S3Config& config, std::int64_t keep_elves = 20)
            : test(test), limits{kMaxBytes, keep_elves}, bucket(config, database) {}
        /// With that folder.
        Machine(FirmwareBucketTest& test, std::filesystem::path assets)
            : test(test), assets(std::move(assets)), bucket(test.patient(), database) {}

        DeviceModel model() { return require_model(models, test.model_); }
        void accept(const std::string& upload) { uploads.accept(model(), upload); }
        storage::Image current() {
            const auto current = model();
            return downloads.current(current.code, current.firmware_version);
        }
        /// The bytes that a device of the model would get.
        std::string served() {
            const auto image = current();
            auto bytes = content_of(assets / ".images" / image.relative_path);
            EXPECT_EQ(image.sha256, sha256_hex(bytes));
            return bytes;
        }
        std::string cached() const { return assets / ".images/a"; }

        FirmwareBucketTest& test;
        FirmwareLimits limits = kLimits;
        test::TemporaryFolder own_folder;
        std::filesystem::path assets = own_folder.path();
        metrics::Counters counters;
        db::Database database{database_url(Role::Writer), "test", db::Mode::ReadWrite};
        db::DeviceModels models{database};
        db::FirmwareVersions versions{database};
        db::Requeue requeue{database};
        FirmwareBucket bucket;
        storage::FirmwareStore store{assets};
        FirmwareUploads uploads{versions, requeue, store, test.wake_ups_, limits, &bucket};
        FirmwareDownloads downloads{store,
                                    storage::ImageCache(assets),
                                    kMaxBytes,
                                    counters,
                                    {&versions, &bucket, 1'000'000}};
    };

    /// A busy machine is no store that is away.
    S3Config patient(std::chrono::seconds timeout = std::chrono::seconds(60)) const {
        auto config = server_.config();
        config.timeout = timeout;
        return config;
    }
    static std::string image(const std::string& version, const std::string& elf =
                                                             "\x7f"
                                                             "ELF") {
        return test::bundle_entries("a", version, elf)[0].second;
    }
    static std::string bundle_key(const std::string& zip) {
        return "bundles/a/" + sha256_hex(zip) + ".zip";
    }
    static std::string image_key(const std::string& bin) {
        return "images/a/" + sha256_hex(bin) + ".bin";
    }
    /// As if ten minutes had gone by since rows named them.
    static void let_grace_pass() {
        sql("UPDATE dropped_firmware_objects SET dropped_at = dropped_at - interval '1 hour'");
    }
    /// Each object that a row names is there.
    void expect_all_there() {
        const auto keys = server_.keys();
        for (const auto& row :
             sql("SELECT unnest(ARRAY[bundle_object, image_object]) FROM "
                 "firmware_versions UNION SELECT bundle_object FROM kept_elves")) {
            if (row[0].empty()) continue;
            EXPECT_TRUE(std::ranges::find(keys, row[0]) != keys.end()) << row[0];
        }
    }

    test::S3Server server_;
};

}  // namespace coredepot::core
