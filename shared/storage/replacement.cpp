#include "storage/replacement.hpp"

#include <cerrno>

#include <unistd.h>

#include "log.hpp"
#include "os/durability.hpp"
#include "os/files.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"
#include "storage/disk_layout.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

fs::path beside(const fs::path& target, std::string_view prefix) {
    return target.parent_path() / (std::string(prefix) + os::random_name());
}

}  // namespace

void Replacement::prepare(const fs::path& target, std::string_view bytes) {
    auto prepared = beside(target, layout::kPreparedPrefix);
    os::write_durably(prepared, bytes);
    steps_.push_back({target, std::move(prepared), std::nullopt});
}

void Replacement::prepare_removal(const fs::path& target) {
    steps_.push_back({target, std::nullopt, std::nullopt});
}

void Replacement::publish() {
    for (auto& step : steps_) publish_step(step);
    for (const auto& step : steps_) os::sync_folder(step.target.parent_path());
}

void Replacement::publish_step(Step& step) {
    const auto backup = beside(step.target, layout::kSetAsidePrefix);
    if (::link(step.target.c_str(), backup.c_str()) == 0) {
        step.backup = backup;
    } else if (errno != ENOENT) {
        throw os::StorageError("cannot keep a copy of", step.target);
    }
    if (step.prepared) {
        os::rename_over(*step.prepared, step.target);
    } else if (!os::remove_file(step.target)) {
        throw os::StorageError("cannot remove", step.target);
    }
    step.published = true;
}

void Replacement::undo_step(const Step& step) noexcept {
    try {
        if (step.published && step.backup) {
            os::rename_over(*step.backup, step.target);
        } else if (step.published) {
            os::remove_file(step.target);
        } else if (step.backup) {
            os::remove_file(*step.backup);
        }
        if (!step.published && step.prepared) os::remove_file(*step.prepared);
    } catch (const os::StorageError& error) {
        log::error("cannot undo a replacement", {{"error", error.what()}});
    }
}

void Replacement::keep() noexcept {
    kept_ = true;
    for (const auto& step : steps_) {
        if (step.backup) os::remove_file(*step.backup);
    }
}

Replacement::~Replacement() {
    if (kept_) return;
    for (const auto& step : steps_) undo_step(step);
}

}  // namespace coredepot::storage
