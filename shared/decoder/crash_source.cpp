#include "decoder/crash_source.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "decoder/dump/base64.hpp"
#include "decoder/dump/text_encoding.hpp"
#include "decoder/limits/undecodable.hpp"
#include "decoder/panic_text/panic_image.hpp"
#include "text/trim.hpp"

namespace coredepot::decoder {
namespace {

bool is_of_text(unsigned char c) {
    return (c >= 0x20 && c != 0x7F) || c == '\n' || c == '\r' || c == '\t' || c == 0x1B;
}

/// Whether people would see `text` as text. It may have some other bytes, because a serial port
/// adds them at a reset.
bool is_mostly_text(std::string_view text) {
    const auto others = std::ranges::count_if(text, std::not_fn(is_of_text));
    constexpr std::size_t kTenth = 10;
    return static_cast<std::size_t>(others) < text.size() / kTenth;
}

/// The log in `text`, without colours. A log in a JSON string is a single line and needs real line
/// ends.
std::string log_of(std::string_view text) {
    std::string log = without_colours(text);
    const bool one_line = trimmed(log, "\r\n").find('\n') == std::string_view::npos;
    return one_line ? with_real_ends_of_lines(log) : log;
}

/// Decodes a log that is base64 as a whole, such as software that sends attachments produces.
/// Empty: `bytes` are not such a log.
std::optional<std::string> log_in_base64(std::span<const std::byte> bytes) {
    constexpr std::size_t kEnough = 64;  // this many without a control character are no coincidence
    if (bytes.size() > kMaxDumpBytes) {
        return std::nullopt;
    }
    const auto decoded = decode_base64_log(text_of(bytes)).back();
    std::string log = text_of(decoded);
    const auto beginning = std::string_view{log}.substr(0, kEnough);
    const bool is_log = beginning.size() == kEnough && std::ranges::all_of(beginning, is_of_text);
    return is_log ? std::optional{std::move(log)} : std::nullopt;
}

}  // namespace

CrashSource::CrashSource(std::span<const std::byte> bytes) {
    try {
        open(bytes);
    } catch (const Undecodable&) {
        const auto log = log_in_base64(bytes);
        if (!log) {
            throw;
        }
        open(std::as_bytes(std::span{*log}));
    }
}

void CrashSource::open(std::span<const std::byte> bytes) {
    try {
        container_ = open_container(bytes);
    } catch (const Undecodable& no_dump) {
        const std::string text = bytes.size() > kMaxDumpBytes ? std::string{} : text_of(bytes);
        if (!is_mostly_text(text)) {
            throw;
        }
        const bool has_dump = has_core_dump_marker(text);
        try {
            auto panic = read_panic_text(log_of(text));
            if (!panic) {
                throw Undecodable{no_dump};
            }
            panic_ = *std::move(panic);
        } catch (const Undecodable& no_panic) {
            throw Undecodable{has_dump ? no_dump : no_panic};
        }
        if (has_dump) {
            lost_dump_ = no_dump.what();
        }
    }
}

CoreImage CrashSource::image(const std::function<Architecture()>& fallback) const {
    if (container_) {
        return read_core_image(*container_);
    }
    const auto told = architecture_of(panic_);
    CoreImage image = image_of(panic_, told ? *told : fallback());
    if (!lost_dump_.empty()) {
        image.remarks.push_back("The log has a core dump, too, that cannot be read: " + lost_dump_ +
                                '.');
    }
    return image;
}

}  // namespace coredepot::decoder
