#pragma once

#include <optional>
#include <stdexcept>

#include "core/dump_files.hpp"
#include "db/devices.hpp"

namespace coredepot::core {

/// The database knows no device, and none that was deleted lately, but there are core dumps of
/// devices. So it is new, or the wrong one. If we believed it, we would refuse or set aside
/// everything.
class ForgottenDatabase : public std::runtime_error {
  public:
    ForgottenDatabase() : std::runtime_error(kWhatToDo) {}

    /// A sentence for people who can repair that.
    static constexpr const char* kWhatToDo =
        "the database knows no device, but there are core dumps of some: restore the "
        "database, or, if it is lost, make the devices again with coredepot-fsck --repair "
        "--make-devices";
};

/// Whether that is so; empty when the database knows no device and the bucket does not say whether
/// it has core dumps. Cheap while there are devices. Throws db::Unavailable.
std::optional<bool> has_forgotten(db::Devices& devices, const DumpFiles& files);

/// The same, for code that would refuse or set aside what belongs to no device: if we cannot tell,
/// the answer is yes. A core dump that waits needlessly is not lost, but one that is refused is.
bool is_forgotten(db::Devices& devices, const DumpFiles& files);

}  // namespace coredepot::core
