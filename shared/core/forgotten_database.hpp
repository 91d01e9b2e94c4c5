#pragma once

#include <stdexcept>

#include "db/devices.hpp"
#include "storage/dump_store.hpp"

namespace coredepot::core {

/// The database knows no device at all, nor any that was deleted lately, while there are core dumps
/// of some: it was made anew, or is another one. Whoever took its word for it would refuse, or put
/// aside, everything.
class ForgottenDatabase : public std::runtime_error {
  public:
    ForgottenDatabase() : std::runtime_error(kWhatToDo) {}

    /// A sentence for people who can do something about it.
    static constexpr const char* kWhatToDo =
        "the database knows no device, but COREDUMPS_DIR has core dumps of some: restore the "
        "database, or, if it is lost, make the devices again with coredepot-fsck --repair "
        "--make-devices";
};

/// Cheap while there are devices. Throws db::Unavailable.
bool is_forgotten(db::Devices& devices, const storage::DumpStore& dumps);

}  // namespace coredepot::core
