#pragma once

#include <optional>
#include <string>

#include "db/database.hpp"

namespace coredepot::db {

/// Decides which process imports a record of the bucket's spool, so that hosts share the work. A
/// claim ends with its connection. Correctness does not depend on it. All throw Unavailable.
class SpoolClaims {
  public:
    explicit SpoolClaims(Database& database) : database_(database) {}

    /// Held until it is destroyed.
    class Claim {
      public:
        Claim(Database& database, std::string key);
        ~Claim();
        Claim(Claim&& other) noexcept;
        Claim(const Claim&) = delete;
        Claim& operator=(const Claim&) = delete;
        Claim& operator=(Claim&&) = delete;

      private:
        Database* database_;
        std::string key_;
    };
    /// Empty when another process has it.
    std::optional<Claim> claim(const std::string& key);

  private:
    Database& database_;
};

}  // namespace coredepot::db
