#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>

#include "core/uploads/dump_recorder.hpp"
#include "db/devices.hpp"
#include "domain/device.hpp"
#include "domain/dump_label.hpp"

namespace coredepot::core {

/// A core dump that was accepted some time ago and has no row.
struct LateDump {
    DeviceKey device;
    DumpLabel label;
    Timestamp uploaded_at;
    std::int64_t size = 0;  ///< bytes
    std::string sha256;     ///< 64 lower-case hex characters
};

struct LateRow {
    std::int64_t id = 0;
    DumpFile file;
    /// The row is an earlier upload's. That one's file stays, and the placed file is gone.
    bool is_of_repeat = false;
};

/// Why it cannot have a row, in a few words for people.
struct NoRow {
    std::string reason;
    std::optional<DumpFile> placed = std::nullopt;  ///< the caller must take care of this file

    static constexpr const char* kUnknownDevice = "unknown device";
    static constexpr const char* kDeviceDeleted = "the device was deleted";
    static constexpr const char* kOtherModel =
        "the device is not of the model that it was when it uploaded this";
};

/// Makes rows for core dumps that were accepted without one or lost it. The rows get the original
/// time. The checks and the retention are those of any upload, except the upload limit, because
/// these must not be refused any more. Making a row twice gives one row.
class LateRows {
  public:
    LateRows(db::Devices& devices, DumpRecorder& recorder, const DumpFiles& files)
        : devices_(devices), recorder_(recorder), files_(files) {}

    /// Puts the file in place, under the name for that time or the first free one after it.
    using Place = std::function<storage::StoredDump(const Device&, Timestamp)>;
    /// Throws ForgottenDatabase, db::Unavailable, and what `place` throws.
    std::variant<LateRow, NoRow> make(const LateDump& dump, const Place& place);

  private:
    db::Devices& devices_;
    DumpRecorder& recorder_;
    const DumpFiles& files_;
};

}  // namespace coredepot::core
