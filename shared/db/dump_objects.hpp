#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/coredump.hpp"

namespace coredepot::db {

/// The objects that the bucket should have, according to the rows. All throw Unavailable.
class DumpObjects {
  public:
    explicit DumpObjects(Database& database) : database_(database) {}

    /// Whether this session may compare the bucket with the rows, until it ends. Only one may,
    /// because several hosts would just repeat each other's work.
    bool reserve();

    enum class State : std::uint8_t {
        Kept,
        Expiring,  ///< retention is about to remove it
        Expired,   ///< it was removed, unless it came back
    };
    struct Row {
        std::string object;
        State state = State::Kept;
    };
    /// Rows by key, compared as bytes: those after `after` up to and including `last`, at most
    /// `limit`.
    std::vector<Row> page(const std::string& after, const std::string& last, int limit);

    /// The row of that name; empty when there is none.
    struct Named {
        std::optional<std::string> object;  ///< empty: it is a file
        std::optional<std::string> sha256;  ///< 64 lower-case hex characters; empty: not known
    };
    std::optional<Named> named(const DeviceKey& device, const DumpFilename& filename);

  private:
    Database& database_;
};

}  // namespace coredepot::db
