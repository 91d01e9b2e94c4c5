#include "storage/spool_totals.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "os/files.hpp"
#include "os/locks.hpp"
#include "os/storage_error.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

/// The file's layout, in units of eight bytes. A file in another byte order does not count as ours.
constexpr std::size_t kSignature = 0;
constexpr std::size_t kMeasuredAt = 1;         // microseconds since the epoch
constexpr std::size_t kQuarantineChanged = 2;  // microseconds since the epoch
constexpr std::size_t kQuarantineFiles = 3;
constexpr std::size_t kQuarantineBytes = 4;
constexpr std::size_t kFirstPart = 5;  // files and bytes of each part

constexpr std::uint64_t kOurs = 0x3130'6c6f'6f70'5363;  // "cSpool01"

std::size_t index_of(std::size_t part) {
    return kFirstPart + 2 * part;
}

Timestamp moment(std::uint64_t microseconds) {
    return Timestamp(std::chrono::microseconds(static_cast<std::int64_t>(microseconds)));
}

std::uint64_t number(Timestamp time) {
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

}  // namespace

SpoolTotals::SpoolTotals(const fs::path& file, std::size_t parts, const Measure& measure)
    : file_(os::lock_file(file)), parts_(parts) {
    if (read(file)) return;
    numbers_.assign(index_of(parts_), 0);
    for (std::size_t part = 0; part < parts_; ++part) {
        const auto usage = measure(part);
        numbers_[index_of(part)] = usage.files;
        numbers_[index_of(part) + 1] = usage.bytes;
    }
    numbers_[kMeasuredAt] = number(now());
    numbers_[kSignature] = kOurs;
    write(0, numbers_.size());
}

std::optional<SpoolTotals> SpoolTotals::peek(const fs::path& file, std::size_t parts) {
    auto opened = os::open_existing(file);
    if (!opened) return std::nullopt;
    SpoolTotals totals(std::move(*opened), parts);
    if (!totals.read(file)) return std::nullopt;
    return totals;
}

bool SpoolTotals::read(const fs::path& path) {
    numbers_.resize(index_of(parts_));
    const auto size = numbers_.size() * sizeof numbers_[0];
    const auto got = ::pread(file_.get(), numbers_.data(), size, 0);
    if (got < 0) throw os::StorageError("cannot read", path);
    return static_cast<std::size_t>(got) == size && numbers_[kSignature] == kOurs;
}

void SpoolTotals::write(std::size_t first, std::size_t count) {
    constexpr auto kSize = sizeof numbers_[0];
    const auto size = count * kSize;
    const auto done =
        ::pwrite(file_.get(), &numbers_[first], size, static_cast<off_t>(first * kSize));
    if (done == static_cast<ssize_t>(size)) return;
    if (done >= 0) errno = ENOSPC;
    throw os::StorageError("cannot write", "the spool's totals");
}

FolderUsage SpoolTotals::of(std::size_t part) const {
    return {numbers_[index_of(part)], numbers_[index_of(part) + 1]};
}

FolderUsage SpoolTotals::sum() const {
    FolderUsage sum;
    for (std::size_t part = 0; part < parts_; ++part) {
        sum.files += of(part).files;
        sum.bytes += of(part).bytes;
    }
    return sum;
}

void SpoolTotals::set(std::size_t part, const FolderUsage& usage) {
    if (of(part) == usage) return;
    numbers_[index_of(part)] = usage.files;
    numbers_[index_of(part) + 1] = usage.bytes;
    write(index_of(part), 2);
}

void SpoolTotals::add(std::size_t part, std::uint64_t bytes) {
    const auto usage = of(part);
    set(part, {usage.files + 1, usage.bytes + bytes});
}

void SpoolTotals::subtract(std::size_t part, std::uint64_t bytes) {
    const auto usage = of(part);
    set(part, {usage.files - std::min<std::uint64_t>(usage.files, 1),
               usage.bytes - std::min(usage.bytes, bytes)});
}

SpoolTotals::Watched SpoolTotals::quarantine() const {
    return {moment(numbers_[kQuarantineChanged]),
            {numbers_[kQuarantineFiles], numbers_[kQuarantineBytes]}};
}

void SpoolTotals::set_quarantine(const Watched& quarantine) {
    numbers_[kQuarantineChanged] = number(quarantine.changed);
    numbers_[kQuarantineFiles] = quarantine.usage.files;
    numbers_[kQuarantineBytes] = quarantine.usage.bytes;
    write(kQuarantineChanged, 3);
}

Timestamp SpoolTotals::measured_at() const {
    return moment(numbers_[kMeasuredAt]);
}

void SpoolTotals::set_measured_at(Timestamp at) {
    numbers_[kMeasuredAt] = number(at);
    write(kMeasuredAt, 1);
}

}  // namespace coredepot::storage
