#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/coredump.hpp"
#include "domain/dump_label.hpp"

namespace coredepot::db {

/// Core dumps that are to be moved between folder and bucket, and their rows' change to the other
/// place. All throw Unavailable.
class DumpMoves {
  public:
    explicit DumpMoves(Database& database) : database_(database) {}

    enum class From : std::uint8_t {
        Folder,  ///< of this process (Database::set_store())
        Bucket,
    };
    struct Dump {
        std::int64_t id = 0;
        DeviceKey device;
        DumpFile file;
        Timestamp uploaded_at;
        std::string sha256;  ///< 64 lower-case hex characters; "": not known
        DumpLabel label;
    };
    /// Those that are there, by id behind `after`, at most `limit`; without those that expired.
    std::vector<Dump> page(From from, std::int64_t after, int limit);

    /// The row names the object from now on, or the file of this process's folder (empty). Only if
    /// it still names `from`, and no runner has it in its hands; false: nothing was changed.
    bool point(std::int64_t id, const std::optional<std::string>& from,
               const std::optional<std::string>& to);

  private:
    Database& database_;
};

}  // namespace coredepot::db
