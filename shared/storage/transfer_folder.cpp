#include "storage/transfer_folder.hpp"

#include <unistd.h>

#include "log.hpp"
#include "os/durability.hpp"
#include "os/files.hpp"
#include "os/removal.hpp"
#include "storage/disk_layout.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

StagedFiles::StagedFiles(fs::path folder, const std::string& stem)
    : folder_(std::move(folder)),
      core_name_(std::string(stem).append(layout::kStagedCoreSuffix)),
      elf_name_(std::string(stem).append(layout::kElfSuffix)),
      rules_name_(std::string(stem).append(layout::kStagedRulesSuffix)) {}

StagedFiles::~StagedFiles() {
    remove();
}

void StagedFiles::remove() const noexcept {
    os::remove_file(folder_ / core_name_);
    os::remove_file(folder_ / elf_name_);
    os::remove_file(folder_ / rules_name_);
}

void StagedFiles::write_core(std::string_view bytes) const {
    const auto path = folder_ / core_name_;
    os::write_all(os::create_file(path), bytes, path);
}

void StagedFiles::write_rules(std::string_view json) const {
    const auto path = folder_ / rules_name_;
    os::write_all(os::create_file(path), json, path);
}

void StagedFiles::put_elf(const os::Descriptor& elf) const {
    const auto path = folder_ / elf_name_;
    if (os::link_file(elf, path)) return;
    const auto copy = os::create_file(path);
    // After it was read for a check, its position is at the end.
    ::lseek(elf.get(), 0, SEEK_SET);
    os::read_pieces(
        elf, [&](std::string_view piece) { os::write_all(copy, piece, path); }, path);
}

StagedFiles TransferFolder::stage(std::int64_t coredump_id, const std::string& lease) const {
    const auto prefix = std::to_string(coredump_id) + '-';
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
        if (entry.path().filename().string().starts_with(prefix)) os::remove_file(entry.path());
    }
    return {folder_, prefix + lease};
}

void TransferFolder::sweep(std::chrono::seconds age) const noexcept {
    try {
        const auto oldest = fs::file_time_type::clock::now() - age;
        for (const auto& entry : fs::directory_iterator(folder_)) {
            std::error_code gone;
            if (!entry.is_regular_file(gone)) continue;
            const bool elf = entry.path().extension() == layout::kElfSuffix;
            const auto aged =
                elf ? fs::path(entry.path()).replace_extension(layout::kStagedCoreSuffix)
                    : entry.path();
            const auto written = fs::last_write_time(aged, gone);
            if (gone ? elf : written < oldest) os::remove_file(entry.path());
        }
    } catch (const fs::filesystem_error& error) {
        log::warning("cannot sweep the transfer folder", {{"error", error.what()}});
    }
}

}  // namespace coredepot::storage
