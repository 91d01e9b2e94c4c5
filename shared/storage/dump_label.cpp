#include "storage/dump_label.hpp"

#include <string>
#include <utility>

#include "text/hex.hpp"

namespace coredepot::storage {
namespace {

constexpr std::string_view kWithoutHash = "1";
constexpr std::string_view kWithHash = "2";
constexpr char kSeparator = '/';

/// Takes the text before the next separator off `rest`, together with the separator; empty when
/// there is no separator.
std::optional<std::string_view> take_field(std::string_view& rest) {
    const auto end = rest.find(kSeparator);
    if (end == std::string_view::npos) return std::nullopt;
    const auto field = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return field;
}

bool is_hash(std::string_view text) {
    return text.size() == DumpLabel::kHashed && is_lower_hex(text);
}

}  // namespace

std::string to_text(const DumpLabel& label) {
    std::string text(label.sha256_start ? kWithHash : kWithoutHash);
    if (label.sha256_start) text.append(1, kSeparator).append(*label.sha256_start);
    text.append(1, kSeparator).append(label.chip.str()).append(1, kSeparator);
    if (label.model_code) text += label.model_code->str();
    text.append(1, kSeparator).append(label.firmware_version.str()).append(1, kSeparator);
    if (label.idempotency_key) text += label.idempotency_key->str();
    return text;
}

std::optional<DumpLabel> parse_label(std::string_view text) {
    const auto layout = take_field(text);
    std::optional<std::string> sha256_start;
    if (layout == kWithHash) {
        const auto field = take_field(text);
        if (!field || !is_hash(*field)) return std::nullopt;
        sha256_start = std::string(*field);
    } else if (layout != kWithoutHash) {
        return std::nullopt;
    }
    const auto chip_text = take_field(text);
    const auto model_text = take_field(text);
    const auto version_text = take_field(text);
    if (!version_text) return std::nullopt;
    const auto chip = Chip::parse(*chip_text);
    const auto version = FirmwareVersion::parse(*version_text);
    const auto model_code = ModelCode::parse(*model_text);
    const auto key = IdempotencyKey::parse(text);
    if (!chip || !version) return std::nullopt;
    if (!model_code && !model_text->empty()) return std::nullopt;
    if (!key && !text.empty()) return std::nullopt;
    return DumpLabel{*chip, *version, model_code, key, std::move(sha256_start)};
}

}  // namespace coredepot::storage
