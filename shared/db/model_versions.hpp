#pragma once

#include <cstdint>
#include <vector>

#include "db/database.hpp"
#include "domain/issue.hpp"

namespace coredepot::db {

/// The versions of a model, including those whose bundle is gone. All throw Unavailable.
class ModelVersions {
  public:
    explicit ModelVersions(Database& database) : database_(database) {}

    /// In their order. Versions that nobody uploaded, but that devices run or core dumps wait for,
    /// come last.
    std::vector<ModelVersion> of_model(std::int64_t device_model_id);

  private:
    Database& database_;
};

}  // namespace coredepot::db
