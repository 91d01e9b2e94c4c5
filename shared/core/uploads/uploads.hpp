#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/outage.hpp"
#include "core/uploads/dump_recorder.hpp"
#include "core/uploads/object_uploads.hpp"
#include "db/devices.hpp"
#include "domain/device.hpp"
#include "storage/spool.hpp"
#include "storage/uploaded_dump.hpp"

namespace coredepot::core {

/// Accepts core dumps. A device sends each once and erases its copy whatever we answer. So a
/// refusal is a loss, and a success is a promise that only the loss of the disk can break. While
/// the database is away, core dumps go into the spool, and the promise still holds.
class Uploads {
  public:
    /// An upload as it came. What the client did not send is empty.
    struct Sent {
        DeviceReference device;
        std::optional<std::string> chip = std::nullopt;
        std::optional<std::string> firmware_version = std::nullopt;
        std::optional<std::string> idempotency_key = std::nullopt;
    };
    using Accepted = AcceptedUpload;
    /// Reads the body of at most kMaxCoredumpBytes; throws ValidationFailed when it is longer.
    using ReadBody = std::function<std::string()>;

    /// Where core dumps go: into the folder or, if there is one, the bucket; and into the spool.
    struct Places {
        DumpFiles files;
        storage::Spool spool;
        std::optional<storage::WakeUps> wake_ups;
    };

    /// Without places, uploads are refused. `limit`: how often a device may upload.
    Uploads(db::Devices& devices, db::Coredumps& coredumps, std::optional<Places> places,
            const db::StoreRules& rules, metrics::Counters& counters,
            const UploadLimit& limit = {});

    /// Checks in the order that the API promises: parameters, device, body, limit. While the
    /// database is away, it does the checks that work without it. Throws Refusal and
    /// os::StorageError; then nothing is stored.
    Accepted accept(const Sent& sent, const ReadBody& read_body);

  private:
    std::optional<Device> assumed_device(const Sent& sent) const;
    void note_over_limit(const DeviceKey& device);
    std::optional<Device> find_device(const DeviceReference& reference);
    std::optional<Device> remembered_device(const DeviceReference& reference);
    /// `waits`: the file may already be there, imported from the spool at the same time.
    storage::StoredDump store(const Device& device, Timestamp at, std::string_view bytes,
                              const DumpLabel& label, bool waits);
    std::optional<Accepted> record_file(const Device& device, storage::UploadedDump& dump);
    std::optional<DumpFilename> find_stored(const storage::UploadedDump& dump) const;
    Accepted spool(storage::UploadedDump dump);
    Accepted spool_file(storage::UploadedDump dump) const;
    const storage::DumpStore& folder() const { return *places_->files.folder(); }
    void failed(Outage::Clock::time_point asked, const std::exception& error);

    db::Devices& devices_;
    db::Coredumps& coredumps_;
    std::optional<Places> places_;
    db::StoreRules rules_;
    metrics::Counters& counters_;
    UploadLimit limit_;
    std::optional<ObjectUploads> objects_;  ///< empty: there is no bucket
    Outage outage_;
    bool database_answers_ = false;     ///< it answered the last question
    std::set<DeviceKey> over_limit_{};  ///< devices whose last upload was refused for that
};

}  // namespace coredepot::core
