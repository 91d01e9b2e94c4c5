#include "storage/store_id.hpp"

#include <algorithm>

#include "log.hpp"
#include "os/durability.hpp"
#include "os/files.hpp"
#include "os/removal.hpp"
#include "storage/disk_layout.hpp"
#include "text/ascii.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kDigits = 32;

std::optional<std::string> read(const fs::path& file) {
    const auto text = os::read_file(file, kDigits + 1);
    if (!text) return std::nullopt;
    auto id = text->substr(0, text->find('\n'));
    if (id.size() == kDigits && std::ranges::all_of(id, is_hex_digit)) return id;
    throw std::runtime_error(file.string() + " is not as it was written");
}

void make(const fs::path& folder, const fs::path& file) {
    const auto temporary = layout::unfinished_upload(folder);
    os::write_durably(temporary, os::random_name() + '\n');
    try {
        // Another process may have been faster.
        if (!os::rename_to_free(temporary, file)) os::remove_file(temporary);
        os::sync_folder(folder);
    } catch (...) {
        os::remove_file(temporary);
        throw;
    }
}

}  // namespace

std::optional<std::string> store_id(const fs::path& coredumps_dir) noexcept {
    try {
        const auto file = coredumps_dir / layout::kStoreId;
        if (auto id = read(file)) return id;
        make(coredumps_dir, file);
        return read(file);
    } catch (const std::exception& error) {
        log::warning("cannot tell which store COREDUMPS_DIR is", {{"error", error.what()}});
        return std::nullopt;
    }
}

}  // namespace coredepot::storage
