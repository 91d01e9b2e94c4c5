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

/// Firmware in a bucket: bundles and images, which are named after their content and never
/// overwritten. They are stored before a row names them, and removed after no row does.
class FirmwareBucket {
  public:
    /// `observer` is called after each request to the store; it may be empty.
    FirmwareBucket(const S3Config& config, db::Database& database,
                   objects::Observer observer = nullptr)
        : bucket_(config, std::move(observer)), rows_(database) {}
    /// Null when firmware is in folders.
    static std::unique_ptr<FirmwareBucket> make(const std::optional<S3Config>& config,
                                                db::Database& database,
                                                objects::Observer observer = nullptr) {
        if (!config) return nullptr;
        return std::make_unique<FirmwareBucket>(*config, database, std::move(observer));
    }

    /// Stores both and notes their keys in `record`. `bundle` may be empty, for none. Nobody finds
    /// them before the record is written. Throws objects::Unavailable, also when it is unknown
    /// whether they are stored.
    void put(const ModelCode& code, std::string_view bundle, std::string_view image,
             db::FirmwareVersionRecord& record);

    /// Stores one object for a row that may not be written in the end. In that case the object is
    /// removed like others that rows have dropped, even if the caller dies. Returns its key. Throws
    /// like put().
    std::string put_for_a_while(FirmwareObject::Kind kind, const ModelCode& code,
                                std::string_view bytes);

    /// Makes sure that the objects are still there, while nothing can remove them: since put(), the
    /// last row that named one may have gone. Arguments and exceptions are those of put().
    void require(std::string_view bundle, std::string_view image,
                 const db::FirmwareVersionRecord& record);
    void require(const std::string& key, std::string_view bytes);

    /// Passes an object to the sink; false when there is no such object. Throws
    /// objects::Unavailable, also when it has more than `max_bytes`.
    bool get(const std::string& object, const std::function<void(std::string_view)>& sink,
             std::uint64_t max_bytes);

    /// A copy of the object in an unnamed file of `folder`, positioned at its start; empty when
    /// there is no such object. Throws objects::Unavailable and os::StorageError.
    std::optional<os::Descriptor> open(const std::string& object,
                                       const std::filesystem::path& folder,
                                       std::uint64_t max_bytes);

    /// How long an object stays after the last row dropped it: somebody may have just read that
    /// row.
    static constexpr std::chrono::minutes kGrace{10};

    /// Removes the model's objects that rows have dropped, at least `grace` ago. Best effort and
    /// logged: objects that stay go another time.
    void remove_dropped(const ModelCode& code, std::chrono::seconds grace = kGrace) noexcept;
    /// Removes what put() stored for a record that will not be written, unless another row names
    /// it.
    void discard(const ModelCode& code, const db::FirmwareVersionRecord& record) noexcept;

    objects::Bucket& store() { return bucket_; }
    db::FirmwareObjects& rows() { return rows_; }

  private:
    void put(const FirmwareObject& object, std::string_view bytes);

    objects::Bucket bucket_;
    db::FirmwareObjects rows_;
};

}  // namespace coredepot::core
