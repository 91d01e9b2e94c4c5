#include "auth/client_table.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.hpp"
#include "os/ownership.hpp"
#include "sha256.hpp"
#include "text/integers.hpp"

namespace coredepot::auth {
namespace {

// A row: the first half of the client ID's SHA-256; when it was checked (microseconds since 1970);
// the device's key; its model's code; spaces up to here; and the checksum. All of it is text.
constexpr std::size_t kDigest = 32;
constexpr std::size_t kTime = 20;
constexpr std::size_t kKey = 8;
constexpr std::size_t kCode = 50;
constexpr std::size_t kCheck = 16;
constexpr std::size_t kPadding = 2;
static_assert(kDigest + kTime + kKey + kCode + kPadding + kCheck == ClientTable::kRowBytes);

std::string digest_of(const ClientId& client) {
    return sha256_hex(client.str()).substr(0, kDigest);
}

/// Where the places for this digest begin.
off_t offset_of(const std::string& digest) {
    constexpr std::size_t kEnough = 8;
    const auto number = parse_integer<std::uint32_t>(digest.substr(0, kEnough), 16).value();
    return static_cast<off_t>((number % ClientTable::kSets) * ClientTable::kWays *
                              ClientTable::kRowBytes);
}

std::string padded(std::string text, std::size_t length) {
    text.resize(length, ' ');
    return text;
}

std::string checksum(std::string_view row) {
    return sha256_hex(row.substr(0, ClientTable::kRowBytes - kCheck)).substr(0, kCheck);
}

/// Takes the next `length` characters off `row` and returns them without the spaces at their end.
std::string_view take(std::string_view& row, std::size_t length) {
    auto text = row.substr(0, length);
    row.remove_prefix(length);
    return text.substr(0, text.find(' '));
}

struct ReadRow {
    std::string_view digest;
    ClientTable::Row row;
};

std::optional<ReadRow> read_row(std::string_view text) {
    if (text.substr(ClientTable::kRowBytes - kCheck) != checksum(text)) return std::nullopt;
    const auto digest = take(text, kDigest);
    const auto microseconds = parse_integer(take(text, kTime));
    const auto key = DeviceKey::parse(take(text, kKey));
    auto code = ModelCode::parse(take(text, kCode));
    if (!key || !code || !microseconds) return std::nullopt;
    return ReadRow{digest,
                   {{key->str(), std::move(code)}, Timestamp(Timestamp::duration(*microseconds))}};
}

std::string write_row(const std::string& digest, const DeviceReference& device, Timestamp now) {
    auto row = digest + padded(std::to_string(now.time_since_epoch().count()), kTime) + device.key +
               padded(device.model_code->str(), kCode + kPadding);
    return row + checksum(row);
}

std::string_view place(std::string_view bytes, std::size_t way) {
    return bytes.substr(way * ClientTable::kRowBytes, ClientTable::kRowBytes);
}

/// The place of this client's row, if there is one.
std::optional<std::size_t> way_of(std::string_view bytes, const std::string& digest) {
    for (std::size_t way = 0; way < ClientTable::kWays; ++way) {
        const auto read = read_row(place(bytes, way));
        if (read && read->digest == digest) return way;
    }
    return std::nullopt;
}

/// A free place, or the one whose row was checked longest ago.
std::size_t way_to_use(std::string_view bytes) {
    std::size_t best = 0;
    std::optional<Timestamp> oldest;
    for (std::size_t way = 0; way < ClientTable::kWays; ++way) {
        const auto read = read_row(place(bytes, way));
        if (!read) return way;
        if (!oldest || read->row.checked_at < *oldest) {
            oldest = read->row.checked_at;
            best = way;
        }
    }
    return best;
}

/// The places' bytes; zeros where the file has none yet.
std::string read_places(const os::Descriptor& file, off_t offset) {
    std::string bytes(ClientTable::kWays * ClientTable::kRowBytes, '\0');
    const auto got = ::pread(file.get(), bytes.data(), bytes.size(), offset);
    std::fill(bytes.begin() + std::max<ssize_t>(got, 0), bytes.end(), '\0');
    return bytes;
}

void write_place(const os::Descriptor& file, off_t offset, std::size_t way, std::string_view row) {
    const auto at = offset + static_cast<off_t>(way * ClientTable::kRowBytes);
    if (::pwrite(file.get(), row.data(), row.size(), at) != static_cast<ssize_t>(row.size())) {
        throw std::system_error(errno, std::generic_category(), "cannot write");
    }
}

}  // namespace

/// Whoever can write this file decides which device a client is. So we only open a file that is
/// ours; empty when there is none.
os::Descriptor ClientTable::open(int flags) const {
    constexpr unsigned kMode = S_IRUSR | S_IWUSR;
    os::Descriptor file(::open(path_.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, kMode));
    if (file.get() < 0) {
        if (errno == ENOENT) return file;
        throw std::system_error(errno, std::generic_category(), "cannot open");
    }
    if (!os::is_file_of_ours(file)) throw std::runtime_error("not a file that only we may write");
    return file;
}

std::optional<ClientTable::Row> ClientTable::find(const ClientId& client) const noexcept {
    try {
        const auto file = open(O_RDONLY);
        if (file.get() < 0) return std::nullopt;
        const auto digest = digest_of(client);
        const auto bytes = read_places(file, offset_of(digest));
        const auto way = way_of(bytes, digest);
        if (!way) return std::nullopt;
        return read_row(place(bytes, *way))->row;
    } catch (const std::exception& error) {
        log::warning("cannot read the known clients", {{"error", error.what()}});
        return std::nullopt;
    }
}

void ClientTable::put(const ClientId& client, const DeviceReference& device,
                      Timestamp now) const noexcept {
    try {
        const auto digest = digest_of(client);
        const auto file = open(O_RDWR | O_CREAT);
        const auto bytes = read_places(file, offset_of(digest));
        const auto way = way_of(bytes, digest).value_or(way_to_use(bytes));
        write_place(file, offset_of(digest), way, write_row(digest, device, now));
    } catch (const std::exception& error) {
        log::warning("cannot keep a known client", {{"error", error.what()}});
    }
}

void ClientTable::remove(const ClientId& client) const noexcept {
    try {
        const auto file = open(O_RDWR);
        if (file.get() < 0) return;
        const auto digest = digest_of(client);
        const auto way = way_of(read_places(file, offset_of(digest)), digest);
        if (way) write_place(file, offset_of(digest), *way, std::string(kRowBytes, '\0'));
    } catch (const std::exception& error) {
        log::warning("cannot forget a known client", {{"error", error.what()}});
    }
}

}  // namespace coredepot::auth
