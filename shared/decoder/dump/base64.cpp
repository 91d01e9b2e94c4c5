#include "decoder/dump/base64.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "text/trim.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNotBase64 = 0xFF;

constexpr std::array<std::uint8_t, 256> kValues = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNotBase64);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}();

/// The base64 digits of `line` without padding; empty when the line is not base64.
std::string_view digits_of(std::string_view line) {
    if (line.empty() || line.size() % 4 != 0) {
        return {};
    }
    for (int padding = 0; padding < 2 && line.ends_with('='); ++padding) {
        line.remove_suffix(1);
    }
    return std::ranges::all_of(line, is_base64_digit) ? line : std::string_view{};
}

constexpr std::string_view kStartLine = "CORE DUMP START";
constexpr std::string_view kEnd = "CORE DUMP END";

/// The part of a log that holds a dump.
struct Extract {
    std::string_view lines;
    /// Characters before the START marker. They may be the time, which a terminal program puts
    /// before each line, or the end of another message.
    std::size_t prefix = 0;
};

/// The text between the marker at `start` and the next one.
Extract extract(std::string_view log, std::size_t start) {
    const auto before = log.rfind('\n', start);
    const auto line = log.substr(before == std::string_view::npos ? 0 : before + 1);
    const auto end = line.find('\n');
    Extract part;
    // The marker is in the middle of a line of equals signs.
    part.prefix = std::min(line.find('='), line.find(kStartLine));
    part.lines = line.substr(end == std::string_view::npos ? line.size() : end);
    part.lines = part.lines.substr(0, std::min(part.lines.find(kEnd), part.lines.find(kStartLine)));
    return part;
}

/// Decodes the base64 in `lines`, starting at the first line with at least `first_digits` digits.
/// Skips the first `prefix` characters of each line.
std::vector<std::byte> decode_lines(std::string_view lines, std::size_t prefix,
                                    std::size_t first_digits) {
    std::vector<std::byte> bytes;
    bytes.reserve(lines.size() / 4 * 3);
    while (!lines.empty()) {
        const auto end = lines.find('\n');
        std::string_view line = lines.substr(0, end);
        line.remove_prefix(std::min(line.size(), prefix));
        const auto digits = digits_of(trimmed(line, " \t\r"));
        if (!bytes.empty() || digits.size() >= first_digits) {
            append_base64(digits, bytes);
        }
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    }
    return bytes;
}

}  // namespace

void append_base64(std::string_view digits, std::vector<std::byte>& bytes) {
    const std::size_t before = bytes.size();
    bytes.resize(before + digits.size() * 6 / 8);
    auto next = bytes.begin() + static_cast<std::ptrdiff_t>(before);
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char c : digits) {
        buffer = buffer << 6U | kValues[static_cast<unsigned char>(c)];
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *next++ = static_cast<std::byte>(buffer >> bits);
        }
    }
}

bool is_base64_digit(char c) {
    return kValues[static_cast<unsigned char>(c)] != kNotBase64;
}

bool ends_core_dump(std::string_view line) {
    return line.find(kEnd) != std::string_view::npos;
}

bool has_core_dump_marker(std::string_view log) {
    return log.find(kStartLine) != std::string_view::npos;
}

std::vector<std::vector<std::byte>> decode_base64_log(std::string_view log) {
    std::vector<std::vector<std::byte>> dumps;
    for (auto start = log.find(kStartLine);
         start != std::string_view::npos && dumps.size() < kMaxDumps;
         start = log.find(kStartLine, start + 1)) {
        const Extract part = extract(log, start);
        dumps.push_back(decode_lines(part.lines, 0, 0));
        if (dumps.back().empty() && part.prefix > 0) {
            dumps.back() = decode_lines(part.lines, part.prefix, 0);
        }
    }
    if (dumps.empty()) {
        dumps.push_back(decode_lines(log.substr(0, log.find(kEnd)), 0, kHeaderDigits));
    }
    return dumps;
}

}  // namespace coredepot::decoder
