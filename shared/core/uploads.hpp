#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "db/coredumps.hpp"
#include "db/devices.hpp"
#include "domain/device.hpp"
#include "metrics/counters.hpp"
#include "storage/dump_store.hpp"

namespace coredepot::core {

/// Takes core dumps in. A device sends each once and erases its copy whatever the answer, so a
/// refusal is a loss, and an answer of success a promise that nothing but the loss of the disk
/// breaks.
class Uploads {
  public:
    struct Accepted {
        std::int64_t coredump_id = 0;
        DumpFilename filename;
    };
    /// The body, at most kMaxCoredumpBytes; throws ValidationFailed when it is longer.
    using ReadBody = std::function<std::string()>;

    /// Without a store, uploads are refused; `keep` is how many core dumps a device may have,
    /// `limit` how often it may upload one.
    Uploads(db::Devices& devices, db::Coredumps& coredumps, std::optional<storage::DumpStore> store,
            int keep, metrics::Counters& counters, const UploadLimit& limit = {})
        : devices_(devices),
          coredumps_(coredumps),
          store_(std::move(store)),
          keep_(keep),
          counters_(counters),
          limit_(limit) {}

    /// Checks in the order that the API promises: parameters, device, body, limit. `chip` and
    /// `firmware_version` are empty when the client did not send them. Throws Refusal,
    /// db::Unavailable, storage::StorageError; nothing is stored then.
    Accepted accept(const DeviceReference& reference, const std::optional<std::string>& chip,
                    const std::optional<std::string>& firmware_version, const ReadBody& read_body);

  private:
    db::StoredCoredump record(const Device& device, const db::NewCoredump& coredump);
    db::StoreOutcome insert(const db::NewCoredump& coredump);

    db::Devices& devices_;
    db::Coredumps& coredumps_;
    std::optional<storage::DumpStore> store_;
    int keep_;
    metrics::Counters& counters_;
    UploadLimit limit_;
};

}  // namespace coredepot::core
