#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "db/firmware_objects.hpp"
#include "db/firmware_versions.hpp"
#include "domain/firmware_object.hpp"
#include "objects/bucket.hpp"
#include "os/descriptor.hpp"

namespace coredepot::core {

/// Firmware in a bucket, where there is one: bundles and images, named after their content and
/// never overwritten. They are put there before a row names them, and removed after none does.
class FirmwareBucket {
  public:
    /// `observer`: is told of each request to the store; may be empty.
    FirmwareBucket(const S3Config& config, db::Database& database,
                   objects::Observer observer = nullptr)
        : bucket_(config, std::move(observer)), rows_(database) {}
    /// Null where firmware is in folders.
    static std::unique_ptr<FirmwareBucket> make(const std::optional<S3Config>& config,
                                                db::Database& database,
                                                objects::Observer observer = nullptr) {
        if (!config) return nullptr;
        return std::make_unique<FirmwareBucket>(*config, database, std::move(observer));
    }

    /// Puts both, and notes in `record` where they are; an empty `bundle` is none. Nobody finds
    /// them before the record is written. Throws objects::Unavailable, also when it is in doubt
    /// whether they are there.
    void put(const ModelCode& code, std::string_view bundle, std::string_view image,
             db::FirmwareVersionRecord& record);

    /// Puts one object for a row that may never come to name it: then it goes as what rows have
    /// dropped does, also when the caller dies. Returns its key. Throws as put() does.
    std::string put_for_a_while(FirmwareObject::Kind kind, const ModelCode& code,
                                std::string_view bytes);

    /// Makes sure that they are there still, under the lock of what removes them: between put() and
    /// this the last row that named one may have gone. Arguments and exceptions as put() has them.
    void require(std::string_view bundle, std::string_view image,
                 const db::FirmwareVersionRecord& record);
    void require(const std::string& key, std::string_view bytes);

    /// Hands an object to the sink; false: it is not there. Throws objects::Unavailable, also when
    /// it has more than `max_bytes`.
    bool get(const std::string& object, const std::function<void(std::string_view)>& sink,
             std::uint64_t max_bytes);

    /// A copy of the object in a file of `folder` that has no name any more, to be read from its
    /// start; empty: it is not there. Throws objects::Unavailable, os::StorageError.
    std::optional<os::Descriptor> open(const std::string& object,
                                       const std::filesystem::path& folder,
                                       std::uint64_t max_bytes);

    /// How long what no row names any more stays: somebody may have read the row just before.
    static constexpr std::chrono::minutes kGrace{10};

    /// Removes objects of the model that rows named once, and did not within `grace`. Best effort
    /// and logged: what stays goes another time.
    void remove_dropped(const ModelCode& code, std::chrono::seconds grace = kGrace) noexcept;
    /// What put() put for a record that is not to be: removed unless a row names it.
    void discard(const ModelCode& code, const db::FirmwareVersionRecord& record) noexcept;

    objects::Bucket& store() { return bucket_; }
    db::FirmwareObjects& rows() { return rows_; }

  private:
    void put(const FirmwareObject& object, std::string_view bytes);

    objects::Bucket bucket_;
    db::FirmwareObjects rows_;
};

}  // namespace coredepot::core
