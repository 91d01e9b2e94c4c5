#include "auth/session_keys.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

#include "log.hpp"
#include "os/files.hpp"
#include "os/ownership.hpp"
#include "text/ascii.hpp"
#include "text/base64.hpp"

namespace coredepot::auth {
namespace {

constexpr std::size_t kMostKeys = 2;
constexpr std::uint64_t kMostFileBytes = 4096;

bool is_key_id(std::string_view id) {
    constexpr std::size_t kLongest = 64;
    return !id.empty() && id.size() <= kLongest && std::ranges::all_of(id, is_base64url_digit);
}

std::optional<SecretKey> parse_key(std::string_view line) {
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_key_id(line.substr(0, space))) return std::nullopt;
    const auto bytes = decode_base64url(line.substr(space + 1));
    if (!bytes || bytes->size() != SecretKey::kBytes) return std::nullopt;
    SecretKey key{std::string(line.substr(0, space)), {}};
    std::ranges::transform(*bytes, key.bytes.begin(),
                           [](char c) { return static_cast<std::uint8_t>(c); });
    return key;
}

bool is_readable_by_all(const os::Descriptor& file) {
    struct stat status {};
    return ::fstat(file.get(), &status) != 0 || (status.st_mode & S_IROTH) != 0;
}

}  // namespace

std::optional<std::vector<SecretKey>> parse_session_keys(std::string_view text) {
    std::vector<SecretKey> keys;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.empty() || line.starts_with('#')) continue;
        auto key = parse_key(line);
        const auto is_twin = [&](const SecretKey& other) { return other.id == key->id; };
        if (!key || keys.size() == kMostKeys || std::ranges::any_of(keys, is_twin)) {
            return std::nullopt;
        }
        keys.push_back(std::move(*key));
    }
    if (keys.empty()) return std::nullopt;
    return keys;
}

const SecretKey* SessionKeys::current() {
    look();
    return keys_.empty() ? nullptr : &keys_.front();
}

const SecretKey* SessionKeys::find(std::string_view id) {
    look();
    const auto found = std::ranges::find(keys_, id, &SecretKey::id);
    return found == keys_.end() ? nullptr : &*found;
}

/// Fail-safe: keys that are no longer in the file open nothing.
void SessionKeys::look() {
    struct stat status {};
    Version version;
    if (::stat(path_.c_str(), &status) == 0) {
        version = {static_cast<std::int64_t>(status.st_dev),
                   static_cast<std::int64_t>(status.st_ino), status.st_size, status.st_ctim.tv_sec,
                   status.st_ctim.tv_nsec};
    }
    if (seen_ == version) return;
    seen_ = version;
    keys_.clear();
    try {
        keys_ = read();
    } catch (const std::exception& error) {
        log::error("there is no session key: nobody can log in",
                   {{"path", path_.string()}, {"error", error.what()}});
    }
}

std::vector<SecretKey> SessionKeys::read() const {
    const auto file = os::open_existing(path_);
    if (!file) throw std::runtime_error("there is no such file");
    if (!os::is_file_of_ours(*file) || is_readable_by_all(*file)) {
        throw std::runtime_error("others may read or write it");
    }
    auto keys = parse_session_keys(os::read_all(*file, kMostFileBytes, path_));
    if (!keys) throw std::runtime_error("it is not one or two lines of an id and a key");
    return std::move(*keys);
}

}  // namespace coredepot::auth
