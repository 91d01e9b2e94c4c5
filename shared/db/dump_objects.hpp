#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/coredump.hpp"

namespace coredepot::db {

/// What objects of core dumps there should be in the bucket, by the rows. All throw Unavailable.
class DumpObjects {
  public:
    explicit DumpObjects(Database& database) : database_(database) {}

    /// Whether this session is the one that compares the bucket with the rows, until it ends: on
    /// several hosts at once they would only do each other's work again.
    bool reserve();

    enum class State : std::uint8_t {
        Kept,
        Expiring,  ///< retention gave it up, and is about to remove it
        Expired,   ///< and it is gone, unless it came back
    };
    struct Row {
        std::string object;
        State state = State::Kept;
    };
    /// In the order of bytes, those behind `after` up to `last`, which is one of them: a page of at
    /// most `limit`.
    std::vector<Row> page(const std::string& after, const std::string& last, int limit);

    /// What the row of that name says; empty: there is none.
    struct Named {
        std::optional<std::string> object;  ///< empty: it is a file
        std::optional<std::string> sha256;  ///< 64 lower-case hex characters; empty: not known
    };
    std::optional<Named> named(const DeviceKey& device, const DumpFilename& filename);

  private:
    Database& database_;
};

}  // namespace coredepot::db
