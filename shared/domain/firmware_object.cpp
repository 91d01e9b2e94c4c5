#include "domain/firmware_object.hpp"

#include "text/hex.hpp"

namespace coredepot {
namespace {

constexpr std::size_t kHexOfSha256 = 64;

std::string_view suffix(FirmwareObject::Kind kind) {
    return kind == FirmwareObject::Kind::Bundle ? ".zip" : ".bin";
}

std::optional<FirmwareObject> parse_as(FirmwareObject::Kind kind, std::string_view key) {
    const auto prefix = firmware_prefix(kind);
    const auto end = suffix(kind);
    if (!key.starts_with(prefix) || !key.ends_with(end)) return std::nullopt;
    key.remove_prefix(prefix.size());
    const auto slash = key.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    auto code = ModelCode::parse(key.substr(0, slash));
    key.remove_prefix(slash + 1);
    if (!code || key.size() != kHexOfSha256 + end.size()) return std::nullopt;
    key.remove_suffix(end.size());
    if (!from_hex(key)) return std::nullopt;
    return FirmwareObject{kind, *std::move(code), std::string(key)};
}

}  // namespace

std::string FirmwareObject::key() const {
    return firmware_prefix(kind, code) + sha256 + std::string(suffix(kind));
}

std::optional<FirmwareObject> FirmwareObject::parse(std::string_view key) {
    if (auto bundle = parse_as(Kind::Bundle, key)) return bundle;
    return parse_as(Kind::Image, key);
}

std::string firmware_prefix(FirmwareObject::Kind kind) {
    return kind == FirmwareObject::Kind::Bundle ? "bundles/" : "images/";
}

std::string firmware_prefix(FirmwareObject::Kind kind, const ModelCode& code) {
    return firmware_prefix(kind) + code.str() + '/';
}

}  // namespace coredepot
