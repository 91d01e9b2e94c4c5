#pragma once

#include <optional>
#include <stdexcept>

#include "core/dump_files.hpp"
#include "db/devices.hpp"

namespace coredepot::core {

/// The database knows no device at all, nor any that was deleted lately, while there are core dumps
/// of some: it was made anew, or is another one. Whoever took its word for it would refuse, or put
/// aside, everything.
class ForgottenDatabase : public std::runtime_error {
  public:
    ForgottenDatabase() : std::runtime_error(kWhatToDo) {}

    /// A sentence for people who can do something about it.
    static constexpr const char* kWhatToDo =
        "the database knows no device, but there are core dumps of some: restore the "
        "database, or, if it is lost, make the devices again with coredepot-fsck --repair "
        "--make-devices";
};

/// Whether it has; empty: it knows no device, and the bucket does not say whether there are core
/// dumps. Cheap while there are devices. Throws db::Unavailable.
std::optional<bool> has_forgotten(db::Devices& devices, const DumpFiles& files);

/// The same for those who refuse or put aside what is of no device: where nobody can say, it has. A
/// core dump that waits for nothing is there in the end; one that was refused is not.
bool is_forgotten(db::Devices& devices, const DumpFiles& files);

}  // namespace coredepot::core
