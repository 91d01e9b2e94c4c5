#include "decoder/dump/loose_base64.hpp"

#include <algorithm>
#include <string>

#include "decoder/dump/base64.hpp"
#include "decoder/dump/text_encoding.hpp"
#include "text/trim.hpp"

namespace coredepot::decoder {
namespace {

bool is_digit_or_padding(char c) {
    return is_base64_digit(c) || c == '=';
}

/// `text` without colours, in the usual alphabet, and with real line ends.
std::string cleaned(std::string_view text) {
    std::string clean = with_real_ends_of_lines(without_colours(text));
    std::ranges::replace(clean, '-', '+');
    std::ranges::replace(clean, '_', '/');
    return clean;
}

/// The base64 at the start of `text`: digits, and padding anywhere.
std::string_view base64_at(std::string_view text) {
    const auto* const end = std::ranges::find_if_not(text, is_digit_or_padding);
    return {text.begin(), end};
}

/// `line` if it is base64, perhaps followed by the end of a JSON text; otherwise empty.
std::string_view whole_base64(std::string_view line) {
    const auto found = base64_at(line);
    const auto rest = line.substr(found.size());
    return rest.find_first_not_of("\"',;)]} \t") == std::string_view::npos ? found
                                                                           : std::string_view{};
}

/// Each part that ends with padding was encoded separately.
void append(std::string_view base64, std::vector<std::byte>& bytes) {
    while (!base64.empty()) {
        const auto digits = base64.substr(0, base64.find('='));
        append_base64(digits, bytes);
        const auto next = base64.find_first_not_of('=', digits.size());
        base64.remove_prefix(std::min(next, base64.size()));
    }
}

using StartsDump = std::function<bool(std::span<const std::byte>)>;

/// Where a dump starts in `line`; npos: nowhere.
std::size_t start_of_dump(std::string_view line, const StartsDump& starts_dump) {
    for (std::size_t i = 0; i + kHeaderDigits <= line.size();) {
        const auto* const end = std::ranges::find_if_not(line.substr(i), is_base64_digit);
        const auto size = static_cast<std::size_t>(end - (line.begin() + i));
        if (size >= kHeaderDigits) {
            std::vector<std::byte> header;
            append_base64(line.substr(i, kHeaderDigits), header);
            if (starts_dump(header)) {
                return i;
            }
        }
        i += size + 1;
    }
    return std::string_view::npos;
}

}  // namespace

std::vector<std::vector<std::byte>> decode_loose_base64(std::string_view text,
                                                        const StartsDump& starts_dump) {
    const std::string clean = cleaned(text);
    std::vector<std::vector<std::byte>> dumps;
    bool in_dump = false;
    std::string_view before;  // the text before the dump in its first line
    for (std::string_view rest = clean; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto line = trimmed(rest.substr(0, end), " \t\r");
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (has_core_dump_marker(line) || ends_core_dump(line)) {
            in_dump = false;
        } else if (in_dump) {
            const bool same = line.starts_with(before);
            const auto whole = same ? std::string_view{} : whole_base64(line);
            const auto behind = line.substr(std::min(before.size(), line.size()));
            append(whole.empty() ? whole_base64(behind) : whole, dumps.back());
        } else if (const auto start = start_of_dump(line, starts_dump);
                   start != std::string_view::npos && dumps.size() < kMaxDumps) {
            in_dump = true;
            before = line.substr(0, start);
            append(base64_at(line.substr(start)), dumps.emplace_back());
        }
    }
    return dumps;
}

}  // namespace coredepot::decoder
