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

/// Which firmware in the bucket rows name, have named, or never did. An object is named after its
/// content, so what one upload has dropped another may name again at any moment: who removes
/// objects of a model does it here, where no upload of that model comes between. All throw
/// Unavailable.
class FirmwareObjects {
  public:
    explicit FirmwareObjects(Database& database) : database_(database) {}

    /// Removes an object from the bucket; true when it is gone.
    using Remove = std::function<bool(const std::string& object)>;

    /// Calls `remove` for each object of the model that rows named until `age` ago or longer, and
    /// name no longer; what is gone is forgotten. What `remove` throws ends it.
    void remove_dropped(const ModelCode& code, std::chrono::seconds age, const Remove& remove);

    /// As if a row had named it once: the next remove_dropped() takes it, unless one does then.
    void note_dropped(const std::string& object);

    /// An object that a row names, and of what version it is.
    struct Named {
        FirmwareVersion version;
        std::string object;
        std::optional<std::string> bundle;  ///< that holds it, too; of an image
    };
    std::vector<Named> named_of(const ModelCode& code);
    bool is_named(const ModelCode& code, const std::string& object);
    /// Whether a row names it, or did once.
    bool knows(const ModelCode& code, const std::string& object);

    enum class Adoption : std::uint8_t {
        Version,    ///< it is of a version that had no row
        Kept,       ///< its version is there in another build, and its ELF is kept
        NotNeeded,  ///< a row has its ELF
        NoModel,
    };
    /// Makes a row for a bundle that has none; which version is current stays as it is. `record`
    /// has ELF and objects.
    Adoption adopt(const ModelCode& code, const FirmwareVersionRecord& record);
    std::optional<std::int64_t> model_of(const ModelCode& code);

    /// Whether there is anything that rows of the model named once, and name no longer.
    bool has_dropped(const ModelCode& code);
    /// Models, also deleted ones, of which remove_dropped() may find something.
    std::set<ModelCode> models_with_dropped();

  private:
    Database& database_;
};

}  // namespace coredepot::db
