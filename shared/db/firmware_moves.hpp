#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "db/firmware_versions.hpp"
#include "domain/names.hpp"

namespace coredepot::db {

/// Where rows say that firmware is, and their change to the other place. All throw Unavailable.
class FirmwareMoves {
  public:
    explicit FirmwareMoves(Database& database) : database_(database) {}

    struct Model {
        std::int64_t id = 0;
        ModelCode code;
    };
    std::vector<Model> models();

    struct Version {
        FirmwareVersionRecord row;
        bool is_current = false;  ///< devices download it
    };
    std::vector<Version> versions_of(std::int64_t model);

    /// A build that another one of its version has replaced.
    struct Kept {
        std::string elf_sha256;                    ///< 64 lower-case hex characters
        std::optional<std::string> bundle_object;  ///< empty: in a folder
    };
    std::vector<Kept> kept_of(std::int64_t model);

    /// The row names these objects from now on, or files of folders (empty). Only if it still says
    /// all of `from`; false: nothing was changed. `publish` is called while nobody uploads firmware
    /// of the model, nor removes any of it from the bucket, and before the commit; what it throws
    /// leaves the row as it was.
    bool point(std::int64_t model, const Version& from,
               const std::optional<std::string>& bundle_object,
               const std::optional<std::string>& image_object,
               const std::function<void()>& publish);
    bool point(std::int64_t model, const Kept& from,
               const std::optional<std::string>& bundle_object,
               const std::function<void()>& publish);

  private:
    Database& database_;
};

}  // namespace coredepot::db
