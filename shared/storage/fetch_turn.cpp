#include "storage/fetch_turn.hpp"

#include <utility>

#include "os/files.hpp"
#include "os/removal.hpp"
#include "storage/disk_layout.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

/// Longer than one fetch may take, but shorter than the web server waits for an answer.
constexpr std::chrono::seconds kPatience{15};

}  // namespace

FetchTurn::FetchTurn(fs::path folder, const std::string& name)
    : folder_(std::move(folder)),
      wanted_(fs::file_time_type::clock::now()),
      lock_(folder_ / (std::string(layout::kFetchLockPrefix) + name), kPatience) {}

fs::path FetchTurn::failure() const {
    return folder_ / layout::kFetchFailed;
}

/// A failure of any fetch counts, because everything comes from the same store.
void FetchTurn::require_no_failure_meanwhile() const {
    std::error_code error;
    const auto failed = fs::last_write_time(failure(), error);
    if (!error && failed >= wanted_) throw FetchFailed("it could not be fetched a moment ago");
}

void FetchTurn::note_failure() const noexcept {
    os::remove_file(failure());  // the new file has the current time
    os::touch(failure());
}

}  // namespace coredepot::storage
