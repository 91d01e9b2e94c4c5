#include "auth/issuer_cache.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.hpp"
#include "log.hpp"
#include "os/durability.hpp"
#include "os/files.hpp"
#include "os/ownership.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"
#include "text/integers.hpp"

namespace coredepot::auth {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMostBytes = 1'048'576;

std::int64_t to_microseconds(Timestamp time) {
    return time.time_since_epoch().count();
}

Timestamp from_microseconds(std::int64_t count) {
    return Timestamp(Timestamp::duration(count));
}

void warn(const char* what, const fs::path& path, const std::string& why) {
    log::warning(what, {{"path", path.string()}, {"error", why}});
}

std::string system_error() {
    return std::error_code(errno, std::generic_category()).message();
}

/// `{last} {answered} {budget full at}`, in microseconds since 1970 and 0 or 1.
std::string to_text(const Asked& asked) {
    return std::to_string(asked.last ? to_microseconds(*asked.last) : 0) + ' ' +
           (asked.answered ? '1' : '0') + ' ' +
           std::to_string(to_microseconds(asked.budget_full_at)) + '\n';
}

Asked read_asked(const os::Descriptor& file) {
    std::array<char, 64> text{};
    const auto length = ::pread(file.get(), text.data(), text.size(), 0);
    std::string_view rest(text.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    std::array<std::int64_t, 3> numbers{};
    for (auto& number : numbers) {
        const auto end = rest.find_first_of(" \n");
        const auto read = parse_integer(rest.substr(0, end));
        if (!read || end == std::string_view::npos) return {};
        number = *read;
        rest.remove_prefix(end + 1);
    }
    const auto [last, answered, full_at] = numbers;
    return {from_microseconds(last), answered != 0, from_microseconds(full_at)};
}

}  // namespace

IssuerCache::IssuerCache(const fs::path& folder, const std::string& kind, const std::string& issuer)
    : issuer_(issuer) {
    // Each issuer has its own pair of files, so that two installations on one machine do not keep
    // replacing each other's answers.
    constexpr std::size_t kEnough = 16;
    const auto name = kind + '-' + sha256_hex(issuer).substr(0, kEnough);
    answer_ = folder / (name + ".json");
    lock_ = folder / (name + ".lock");
}

std::optional<IssuerCache::Entry> IssuerCache::read_changed() {
    const os::Descriptor file(
        ::open(answer_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.get() < 0) {
        if (errno != ENOENT) warn("cannot read a cached answer", answer_, system_error());
        return std::nullopt;
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return std::nullopt;
    const Version version{status.st_ino, status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
    if (version == seen_) return std::nullopt;
    seen_ = version;
    if (!os::is_file_of_ours(file)) {
        warn("a cached answer cannot be used", answer_, "not a file that only we may write");
        return std::nullopt;
    }
    try {
        auto entry = parse(os::read_all(file, kMostBytes, answer_));
        if (!entry) warn("a cached answer cannot be used", answer_, "not what was written");
        return entry;
    } catch (const os::StorageError& error) {
        warn("cannot read a cached answer", answer_, error.what());
        return std::nullopt;
    }
}

std::optional<IssuerCache::Entry> IssuerCache::parse(const std::string& text) const {
    const auto object = json::Object::parse(text);
    if (!object || object->string("issuer") != issuer_) return std::nullopt;
    auto answer = object->string("answer");
    const auto fetched_at = object->integer("fetched_at_us");
    if (!answer || !fetched_at) return std::nullopt;
    return Entry{std::move(*answer), from_microseconds(*fetched_at)};
}

void IssuerCache::store(const Entry& entry) const noexcept {
    try {
        json::Writer writer;
        writer.begin_object()
            .member("issuer", issuer_)
            .member("fetched_at_us", to_microseconds(entry.fetched_at))
            .member("answer", entry.answer)
            .end_object();
        // Only one process at a time gets here, so a file of this name is left from one that was
        // killed.
        auto prepared = answer_;
        prepared += ".new";
        os::remove_file(prepared);
        os::write_durably(prepared, writer.take());
        os::rename_over(prepared, answer_);
    } catch (const std::exception& error) {
        warn("cannot cache the issuer's answer", answer_, error.what());
    }
}

std::optional<IssuerCache::Turn> IssuerCache::take_turn(std::chrono::milliseconds patience) const {
    using std::chrono::steady_clock;
    constexpr std::chrono::milliseconds kPause{20};
    constexpr unsigned kMode = S_IRUSR | S_IWUSR;
    os::Descriptor file(::open(lock_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kMode));
    if (file.get() < 0) {
        warn("cannot lock a cached answer", lock_, system_error());
        return Turn(std::move(file));
    }
    const auto until = steady_clock::now() + patience;
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            warn("cannot lock a cached answer", lock_, system_error());
            return Turn(os::Descriptor());
        }
        if (steady_clock::now() >= until) return std::nullopt;
        std::this_thread::sleep_for(kPause);
    }
    return Turn(std::move(file));
}

Asked IssuerCache::asked() const {
    const os::Descriptor file(::open(lock_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    return read_asked(file);
}

Asked IssuerCache::Turn::asked() const {
    return read_asked(file_);
}

void IssuerCache::Turn::record(const Asked& asked) const {
    if (file_.get() < 0) return;
    const auto text = to_text(asked);
    const bool written =
        ::pwrite(file_.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) &&
        ::ftruncate(file_.get(), static_cast<off_t>(text.size())) == 0;
    if (!written)
        log::warning("cannot record that the issuer is asked", {{"error", system_error()}});
}

}  // namespace coredepot::auth
