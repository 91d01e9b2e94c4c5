#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/dump_recorder.hpp"
#include "db/devices.hpp"
#include "storage/spool.hpp"

namespace coredepot::core {

/// Makes the rows of core dumps that were accepted while the database was away: with the time that
/// they came at, under the checks and the retention of any upload but for the upload limit, for
/// none of them may be refused any more. Any number may run at once; each can be killed at any
/// moment.
class SpoolImport {
  public:
    struct Parts {
        db::Devices& devices;
        DumpRecorder& recorder;
        const storage::DumpStore& dumps;
        const storage::Spool& spool;
    };
    /// `stopping` is asked between core dumps.
    SpoolImport(Parts parts, std::function<bool()> stopping)
        : parts_(parts), stopping_(std::move(stopping)) {}

    /// Returns how many rows it made or found. What fails is logged and stays for the next time.
    /// Throws db::Unavailable.
    std::size_t run();

  private:
    bool bring_in(const storage::SpoolClaim& claim);
    void quarantine(const storage::SpoolClaim& claim, const std::string& reason);

    Parts parts_;
    std::function<bool()> stopping_;
};

}  // namespace coredepot::core
