#pragma once

#include <cstdint>
#include <functional>
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
    /// `require` is called while the row is locked, and throws when the copy is not there.
    bool point(std::int64_t id, const std::optional<std::string>& from,
               const std::optional<std::string>& to, const std::function<void()>& require);

    /// What a row says of its core dump.
    struct Row {
        std::int64_t id = 0;
        std::optional<std::string> object;  ///< empty: it is a file
        std::string sha256;                 ///< as in Dump
        bool is_here = false;               ///< in the bucket, or in this process's folder
        bool has_expired = false;           ///< its file is gone on purpose
    };
    /// The row of that name; empty: there is none.
    std::optional<Row> row(const DeviceKey& device, const DumpFilename& filename);
    /// Calls `decide` with the row of that name (empty: there is none), which nobody changes before
    /// it returns. What it throws ends it.
    void with_row(const DeviceKey& device, const DumpFilename& filename,
                  const std::function<void(const std::optional<Row>&)>& decide);

  private:
    Database& database_;
};

}  // namespace coredepot::db
