#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "db/firmware_versions.hpp"
#include "domain/names.hpp"

namespace coredepot::db {

/// Which objects in the bucket are named by firmware's rows, or once were. An object is named after
/// its content, so an upload may name again at any moment what another has dropped. So all removals
/// of a model's objects go through this class, which keeps uploads of the model out meanwhile. All
/// throw Unavailable.
class FirmwareObjects {
  public:
    explicit FirmwareObjects(Database& database) : database_(database) {}

    /// Removes an object from the bucket; true when it is gone.
    using Remove = std::function<bool(const std::string& object)>;

    /// Calls `remove` for each object of the model that no row has named for at least `age`, and
    /// forgets those that are gone. If `remove` throws, the exception reaches the caller.
    void remove_dropped(const ModelCode& code, std::chrono::seconds age, const Remove& remove);

    /// Marks the object as dropped: the next remove_dropped() takes it, unless a row names it by
    /// then.
    void note_dropped(const std::string& object);

    /// An object that a row names, and its version.
    struct Named {
        FirmwareVersion version;
        std::string object;
        std::optional<std::string> bundle;  ///< for an image: the bundle that also contains it
    };
    std::vector<Named> named_of(const ModelCode& code);
    bool is_named(const ModelCode& code, const std::string& object);
    /// Whether a row names it or ever did.
    bool knows(const ModelCode& code, const std::string& object);

    enum class Adopted : std::uint8_t {
        Version,    ///< its version had no row
        Kept,       ///< its version has a row for another build, so it is kept for its ELF
        NotNeeded,  ///< a row already has its ELF
        NoModel,
    };
    /// Makes a row for a bundle without one. The current version stays the same. `record` has the
    /// ELF and the objects.
    Adopted adopt(const ModelCode& code, const FirmwareVersionRecord& record);
    std::optional<std::int64_t> model_of(const ModelCode& code);

    /// Whether rows of the model have dropped an object.
    bool has_dropped(const ModelCode& code);
    /// Models, including deleted ones, for which remove_dropped() may find something.
    std::set<ModelCode> models_with_dropped();

  private:
    Database& database_;
};

}  // namespace coredepot::db
