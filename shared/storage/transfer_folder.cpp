#include "storage/transfer_folder.hpp"

#include "log.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

StagedPair::StagedPair(fs::path folder, const std::string& stem)
    : folder_(std::move(folder)), core_name_(stem + ".dmp"), elf_name_(stem + ".elf") {}

StagedPair::~StagedPair() {
    remove();
}

void StagedPair::remove() const noexcept {
    remove_file(folder_ / core_name_);
    remove_file(folder_ / elf_name_);
}

void StagedPair::write_core(std::string_view bytes) const {
    const auto path = folder_ / core_name_;
    write_all(create_file(path), bytes, path);
}

void StagedPair::write_elf(
    const std::function<void(const std::function<void(std::string_view)>&)>& produce) const {
    const auto path = folder_ / elf_name_;
    const auto file = create_file(path);
    produce([&](std::string_view piece) { write_all(file, piece, path); });
}

StagedPair TransferFolder::stage(std::int64_t coredump_id, const std::string& lease) const {
    const auto prefix = std::to_string(coredump_id) + '-';
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
        if (entry.path().filename().string().starts_with(prefix)) remove_file(entry.path());
    }
    return {folder_, prefix + lease};
}

void TransferFolder::sweep(std::chrono::seconds age) const noexcept {
    try {
        const auto oldest = fs::file_time_type::clock::now() - age;
        for (const auto& entry : fs::directory_iterator(folder_)) {
            std::error_code gone;
            if (entry.is_regular_file(gone) && entry.last_write_time(gone) < oldest && !gone) {
                remove_file(entry.path());
            }
        }
    } catch (const fs::filesystem_error& error) {
        log::warning("cannot sweep the transfer folder", {{"error", error.what()}});
    }
}

}  // namespace coredepot::storage
