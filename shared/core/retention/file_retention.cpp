#include "core/retention/file_retention.hpp"

#include <algorithm>
#include <limits>

#include "log.hpp"

namespace coredepot::core {
namespace {

/// How many files expire in one transaction. That takes about 100 ms, in which only a deletion of
/// the same core dumps waits.
constexpr std::int64_t kMostFiles = 500;
/// On most file systems, a file takes a whole number of these bytes.
constexpr std::uint64_t kBlock = 4096;

}  // namespace

void FileRetention::sweep(const std::function<bool()>& enough) {
    if (!parts_.rows.reserve()) return;
    try {
        work(enough);
    } catch (const db::Unavailable&) {
        throw;  // the reservation is gone, too
    } catch (...) {
        parts_.rows.release();
        throw;
    }
    parts_.rows.release();
}

void FileRetention::work(const std::function<bool()>& enough) {
    // Start with what a killed process has left: that room is about to be free.
    if (!remove_expired(enough)) return;
    while (parts_.rows.take_in_changes()) {
        if (enough()) return;
    }
    std::int64_t files = 1;
    while (limits_.max_age && files > 0) {
        if (enough()) return;
        files = parts_.rows.expire_before(parts_.now() - *limits_.max_age, kMostFiles);
        expired({"COREDUMPS_MAX_AGE_DAYS", metrics::Event::FileExpiredForAge, {}}, files);
        if (!remove_expired(enough)) return;
    }
    std::optional<std::string> unmet;
    while (!unmet) {
        if (enough()) return;
        auto excess = beyond_bytes();
        if (!excess) excess = beyond_free_space();
        if (!excess) break;
        files = parts_.rows.expire(excess->need);
        expired(*excess, files);
        if (files == 0) unmet = excess->setting;
        if (!remove_expired(enough)) return;
    }
    if (unmet != parts_.rows.state().unmet_limit) {
        if (unmet) {
            log::warning("there are more core dumps than a limit allows, and no file may go",
                         {{"limit", *unmet}, {"KEEP_PER_ISSUE", limits_.keep_per_signature}});
        }
        parts_.rows.note_unmet(unmet);
    }
}

/// False when not all of them could be removed.
bool FileRetention::remove_expired(const std::function<bool()>& enough) {
    while (true) {
        const auto files = parts_.rows.to_remove();
        if (files.empty()) return true;
        std::vector<db::KeptFiles::Expired> removed;
        for (const auto& expired : files) {
            // A thousand requests to a store take many seconds.
            if (expired.file.object && enough()) break;
            if (parts_.files.remove(expired.device, expired.file)) removed.push_back(expired);
        }
        // Once they are off the list, a power cut must not bring the files back. Besides, some file
        // systems free the room only when the removal is on the disk.
        parts_.files.sync();
        parts_.rows.removed(removed);
        if (removed.size() < files.size() || enough()) return false;
    }
}

std::optional<FileRetention::Excess> FileRetention::beyond_bytes() {
    if (!limits_.max_bytes) return std::nullopt;
    const auto bytes = parts_.rows.state().bytes;
    if (bytes <= *limits_.max_bytes) return std::nullopt;
    return Excess{"COREDUMPS_MAX_BYTES",
                  metrics::Event::FileExpiredForBytes,
                  {bytes - *limits_.max_bytes, 1, kMostFiles, limits_.keep_per_signature}};
}

std::optional<FileRetention::Excess> FileRetention::beyond_free_space() const {
    if (limits_.min_free_percent == 0) return std::nullopt;
    const auto missing = [&](const std::optional<storage::Space>& space) {
        return space ? missing_free(space->free, space->total, limits_.min_free_percent) : 0;
    };
    Excess excess{"COREDUMPS_MIN_FREE",
                  metrics::Event::FileExpiredForFreeSpace,
                  {missing(parts_.space()), kBlock, kMostFiles, limits_.keep_per_signature, true}};
    if (excess.need.bytes > 0) return excess;
    const auto inodes = missing(parts_.inodes());
    if (inodes == 0) return std::nullopt;
    excess.need.bytes = std::numeric_limits<std::int64_t>::max();
    excess.need.most_files =
        static_cast<std::int64_t>(std::min(inodes, static_cast<std::uint64_t>(kMostFiles)));
    return excess;
}

void FileRetention::expired(const Excess& excess, std::int64_t files) {
    if (files == 0) return;
    parts_.counters.record(excess.event, static_cast<std::uint64_t>(files));
    log::info("files of core dumps expired", {{"files", files}, {"limit", excess.setting}});
}

}  // namespace coredepot::core
