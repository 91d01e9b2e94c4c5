#pragma once

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

/// Cheap while there are devices. Throws db::Unavailable.
bool is_forgotten(db::Devices& devices, const DumpFiles& files);

}  // namespace coredepot::core
