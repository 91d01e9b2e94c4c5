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

/// Where rows say that firmware is, and pointing them to the other place. All throw Unavailable.
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
        bool is_current = false;  ///< the version that devices download
    };
    std::vector<Version> versions_of(std::int64_t model);

    /// A replaced build of a version, kept for its ELF.
    struct Kept {
        std::string elf_sha256;                    ///< 64 lower-case hex characters
        std::optional<std::string> bundle_object;  ///< empty: in a folder
    };
    std::vector<Kept> kept_of(std::int64_t model);

    /// Makes the row name these objects, or files in folders (empty), if it still says all of
    /// `from`; otherwise returns false and changes nothing. `publish` is called before the commit,
    /// while nobody can upload the model's firmware or remove it from the bucket. If it throws, the
    /// row stays as it was.
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
