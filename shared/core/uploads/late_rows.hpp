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

/// A core dump that was accepted some time ago, and has no row.
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
    /// It is that of an earlier upload of the core dump, whose file stays; the placed one is gone.
    bool is_of_repeat = false;
};

/// Why it can have none: some words for people.
struct NoRow {
    std::string reason;
    std::optional<DumpFile> placed = std::nullopt;  ///< the file that is the caller's now

    static constexpr const char* kUnknownDevice = "unknown device";
    static constexpr const char* kDeviceDeleted = "the device was deleted";
    static constexpr const char* kOtherModel =
        "the device is not of the model that it was when it uploaded this";
};

/// Makes the rows of core dumps that were accepted without one, or lost it: with the time that they
/// came at, under the checks and the retention of any upload but for the upload limit, for none of
/// them may be refused any more. To make one twice is to make it once.
class LateRows {
  public:
    LateRows(db::Devices& devices, DumpRecorder& recorder, const DumpFiles& files)
        : devices_(devices), recorder_(recorder), files_(files) {}

    /// Puts the file where it belongs, under this time's name or the first free one after it.
    using Place = std::function<storage::StoredDump(const Device&, Timestamp)>;
    /// Throws ForgottenDatabase, db::Unavailable, and what `place` does.
    std::variant<LateRow, NoRow> make(const LateDump& dump, const Place& place);

  private:
    db::Devices& devices_;
    DumpRecorder& recorder_;
    const DumpFiles& files_;
};

}  // namespace coredepot::core
