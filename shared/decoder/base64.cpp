#include "decoder/base64.hpp"

#include <array>
#include <cstdint>

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

std::string_view trimmed(std::string_view line) {
    constexpr std::string_view kBlanks = " \t\r";
    const auto first = line.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

/// The base64 digits of `line` without padding; empty when the line is not base64.
std::string_view digits_of(std::string_view line) {
    if (line.empty() || line.size() % 4 != 0) {
        return {};
    }
    for (int padding = 0; padding < 2 && line.ends_with('='); ++padding) {
        line.remove_suffix(1);
    }
    for (const char c : line) {
        if (kValues[static_cast<unsigned char>(c)] == kNotBase64) {
            return {};
        }
    }
    return line;
}

void append_decoded(std::string_view digits, std::vector<std::byte>& bytes) {
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char c : digits) {
        buffer = buffer << 6U | kValues[static_cast<unsigned char>(c)];
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::byte>(buffer >> bits));
        }
    }
}

/// The part of `log` between the START and END markers, or all of it when there is no START.
std::string_view between_markers(std::string_view log) {
    constexpr std::string_view kStart = "CORE DUMP START";
    constexpr std::string_view kEnd = "CORE DUMP END";
    if (const auto start = log.find(kStart); start != std::string_view::npos) {
        log.remove_prefix(log.find('\n', start) == std::string_view::npos ? log.size()
                                                                          : log.find('\n', start));
    }
    return log.substr(0, log.find(kEnd));
}

}  // namespace

std::vector<std::byte> decode_base64_log(std::string_view log) {
    log = between_markers(log);
    std::vector<std::byte> bytes;
    bytes.reserve(log.size() / 4 * 3);
    while (!log.empty()) {
        const auto end = log.find('\n');
        append_decoded(digits_of(trimmed(log.substr(0, end))), bytes);
        log.remove_prefix(end == std::string_view::npos ? log.size() : end + 1);
    }
    return bytes;
}

}  // namespace coredepot::decoder
