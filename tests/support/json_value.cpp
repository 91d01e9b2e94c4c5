#include "support/json_value.hpp"

#include <stdexcept>

#include <rapidjson/document.h>

namespace coredepot::test {

struct JsonValue::Document {
    std::string source;
    rapidjson::Document parsed;
};

namespace {

const rapidjson::Value& raw(const void* value) {
    return *static_cast<const rapidjson::Value*>(value);
}

}  // namespace

JsonValue JsonValue::parse(std::string_view text) {
    auto document = std::make_shared<Document>();
    document->source = text;
    document->parsed.Parse<rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
    if (document->parsed.HasParseError()) {
        throw std::runtime_error("no JSON: " + document->source);
    }
    const void* root = static_cast<const rapidjson::Value*>(&document->parsed);
    return {std::move(document), root};
}

void JsonValue::fail(const std::string& why) const {
    throw std::runtime_error(why + ": " + document_->source);
}

bool JsonValue::is_object() const {
    return raw(value_).IsObject();
}

bool JsonValue::is_null() const {
    return raw(value_).IsNull();
}

const void* JsonValue::find(const std::string& member) const {
    if (!is_object()) return nullptr;
    const auto found = raw(value_).FindMember(rapidjson::Value(
        rapidjson::StringRef(member.data(), static_cast<rapidjson::SizeType>(member.size()))));
    return found == raw(value_).MemberEnd() ? nullptr : &found->value;
}

bool JsonValue::has(const std::string& member) const {
    return find(member) != nullptr;
}

std::set<std::string> JsonValue::members() const {
    if (!is_object()) fail("not an object");
    std::set<std::string> names;
    for (const auto& member : raw(value_).GetObject()) names.insert(member.name.GetString());
    return names;
}

JsonValue JsonValue::at(const std::string& member) const {
    const void* value = find(member);
    if (value == nullptr) fail("no member " + member);
    return {document_, value};
}

JsonValue JsonValue::at(std::size_t index) const {
    if (index >= size()) fail("no element " + std::to_string(index));
    const rapidjson::Value* value = &raw(value_)[static_cast<rapidjson::SizeType>(index)];
    return {document_, value};
}

std::size_t JsonValue::size() const {
    if (!raw(value_).IsArray()) fail("not an array");
    return raw(value_).Size();
}

std::string JsonValue::text() const {
    if (!raw(value_).IsString()) fail("not a string");
    return {raw(value_).GetString(), raw(value_).GetStringLength()};
}

std::int64_t JsonValue::integer() const {
    if (!raw(value_).IsInt64()) fail("not a whole number");
    return raw(value_).GetInt64();
}

bool JsonValue::truth() const {
    if (!raw(value_).IsBool()) fail("not a truth value");
    return raw(value_).GetBool();
}

}  // namespace coredepot::test
