#include "core/moving/firmware_mover.hpp"

#include <algorithm>

#include "log.hpp"
#include "os/storage_error.hpp"
#include "storage/zip_archive.hpp"

namespace coredepot::core {
namespace {

/// Between two pauses.
constexpr std::size_t kModelsAtOnce = 20;

}  // namespace

MoveResult FirmwareMover::run() {
    result_ = {};
    failures_ = 0;
    const auto models = parts_.rows.models();
    std::vector<Model> batch;
    for (const auto& model : models) {
        if (!goes_on()) break;
        move_all(model);
        batch.push_back(model);
        if (batch.size() < kModelsAtOnce) continue;
        clean(batch);
        batch.clear();
    }
    clean(batch);
    result_.is_complete = goes_on();
    return result_;
}

bool FirmwareMover::goes_on() const {
    return !parts_.stopping() && failures_ < kMostFailuresInARow;
}

void FirmwareMover::move_all(const Model& model) {
    for (const auto& version : parts_.rows.versions_of(model.id)) {
        try_move(model, version, "version " + version.row.version.str());
    }
    for (const auto& kept : parts_.rows.kept_of(model.id)) {
        try_move(model, kept, "the replaced build whose ELF is " + kept.elf_sha256);
    }
}

template <class Build>
void FirmwareMover::try_move(const Model& model, const Build& build, const std::string& name) {
    if (!goes_on() || !is_to_move(build)) return;
    const auto fail = [&](const std::string& why) {
        ++result_.failed;
        ++failures_;
        log::error("cannot move firmware",
                   {{"model", model.code.str()}, {"build", name}, {"error", why}});
    };
    try {
        if (move(model, build)) {
            parts_.progress(++result_.moved);
        } else {
            ++result_.busy;
        }
        failures_ = 0;
    } catch (const CannotMove& error) {
        fail(error.what());
    } catch (const storage::ZipError& error) {
        fail(error.what());
    } catch (const objects::Unavailable& error) {
        fail(error.what());
    } catch (const os::StorageError& error) {
        fail(error.what());
    }
}

/// One pause for many models: whoever read a row before it changed needs the old files for a
/// moment.
void FirmwareMover::clean(const std::vector<Model>& models) {
    const auto has = [&](const Model& model) { return has_originals(model); };
    if (std::ranges::none_of(models, has)) return;
    parts_.pause(parts_.grace);
    for (const auto& model : models) {
        try {
            remove_originals(model);
        } catch (const db::Unavailable&) {
            throw;
        } catch (const std::exception& error) {
            ++result_.failed;
            log::error("cannot remove what was moved",
                       {{"model", model.code.str()}, {"error", error.what()}});
        }
    }
}

}  // namespace coredepot::core
