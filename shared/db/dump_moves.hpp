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

/// For moving core dumps between folder and bucket: which ones to move, and pointing their rows to
/// the new place. All throw Unavailable.
class DumpMoves {
  public:
    explicit DumpMoves(Database& database) : database_(database) {}

    enum class From : std::uint8_t {
        Folder,  ///< the one of this process (Database::set_store())
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
    /// Core dumps in that place, by ID after `after`, at most `limit`. Expired ones are left out.
    std::vector<Dump> page(From from, std::int64_t after, int limit);

    /// Makes the row name the object, or the file in this process's folder (empty). This happens
    /// only if the row still names `from` and no runner is working on it; otherwise returns false
    /// and changes nothing. `require` is called while the row is locked, and must throw when the
    /// copy is missing.
    bool point(std::int64_t id, const std::optional<std::string>& from,
               const std::optional<std::string>& to, const std::function<void()>& require);

    /// What a core dump's row says.
    struct Row {
        std::int64_t id = 0;
        std::optional<std::string> object;  ///< empty: it is a file
        std::string sha256;                 ///< as in Dump
        bool is_here = false;               ///< in the bucket or in this process's folder
        bool has_expired = false;           ///< its file was removed on purpose
    };
    /// The row of that name; empty when there is none.
    std::optional<Row> row(const DeviceKey& device, const DumpFilename& filename);
    /// Calls `decide` with the row of that name (empty when there is none). The row cannot change
    /// before `decide` returns. If it throws, the exception reaches the caller.
    void with_row(const DeviceKey& device, const DumpFilename& filename,
                  const std::function<void(const std::optional<Row>&)>& decide);

  private:
    Database& database_;
};

}  // namespace coredepot::db
