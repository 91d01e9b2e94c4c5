#include "http/json_body.hpp"

#include "core/errors.hpp"
#include "text/integers.hpp"

namespace coredepot::http {
namespace {

core::ValidationFailed missing(const char* member) {
    return core::ValidationFailed(std::string("Missing required field: ") + member);
}

core::ValidationFailed wrong_type(const char* member, const char* type) {
    return core::ValidationFailed(std::string(member) + " must be " + type);
}

}  // namespace

json::Object read_json(const Request& request) {
    constexpr std::uint64_t kMaxBytes = 65'536;
    const auto text = request.body.read(kMaxBytes);
    if (!text) throw core::PayloadTooLarge("The body is larger than accepted");
    if (auto object = json::Object::parse(*text)) return std::move(*object);
    throw core::ValidationFailed("The body must be a JSON object");
}

std::string require_string(const json::Object& body, const char* member) {
    if (!body.has(member)) throw missing(member);
    if (auto text = body.string(member)) return *text;
    throw wrong_type(member, "a string");
}

std::int64_t require_integer(const json::Object& body, const char* member) {
    if (!body.has(member)) throw missing(member);
    if (const auto number = body.integer(member)) return *number;
    throw wrong_type(member, "a whole number");
}

std::optional<std::string> optional_string(const json::Object& body, const char* member) {
    if (!body.has(member) || body.is_null(member)) return std::nullopt;
    return require_string(body, member);
}

std::optional<std::string> nullable_string(const json::Object& body, const char* member) {
    if (!body.has(member)) throw missing(member);
    return optional_string(body, member);
}

std::optional<std::int64_t> optional_integer(const Request& request, const char* parameter) {
    const auto text = request.query.get(parameter);
    if (!text) return std::nullopt;
    if (const auto number = parse_integer(*text)) return number;
    throw wrong_type(parameter, "a whole number");
}

}  // namespace coredepot::http
