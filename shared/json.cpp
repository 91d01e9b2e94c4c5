#include "json.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "text/utf8.hpp"

namespace coredepot::json {

struct Writer::Impl {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
};

Writer::Writer() : impl_(std::make_unique<Impl>()) {}
Writer::~Writer() = default;

Writer& Writer::begin_object() {
    impl_->writer.StartObject();
    return *this;
}

Writer& Writer::end_object() {
    impl_->writer.EndObject();
    return *this;
}

Writer& Writer::begin_array() {
    impl_->writer.StartArray();
    return *this;
}

Writer& Writer::end_array() {
    impl_->writer.EndArray();
    return *this;
}

Writer& Writer::key(std::string_view name) {
    impl_->writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    return *this;
}

Writer& Writer::value(std::string_view text) {
    if (!is_utf8(text)) return value(to_utf8(text));
    impl_->writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return *this;
}

Writer& Writer::value(bool truth) {
    impl_->writer.Bool(truth);
    return *this;
}

Writer& Writer::value(std::int64_t number) {
    impl_->writer.Int64(number);
    return *this;
}

Writer& Writer::value(std::nullopt_t /*unused*/) {
    impl_->writer.Null();
    return *this;
}

Writer& Writer::raw_value(std::string_view json) {
    // RawValue() would copy the text byte by byte. Called with nothing, it writes only the comma or
    // colon that belongs here; the text is appended afterwards.
    impl_->writer.RawValue("", 0, rapidjson::kObjectType);
    std::memcpy(impl_->buffer.Push(json.size()), json.data(), json.size());
    return *this;
}

std::string Writer::take() {
    return {impl_->buffer.GetString(), impl_->buffer.GetSize()};
}

/// An object inside another one shares the document with it.
struct Object::Impl {
    std::shared_ptr<const rapidjson::Document> document;
    const rapidjson::Value* value;

    /// Null when absent.
    const rapidjson::Value* find(std::string_view name) const {
        const rapidjson::Value key(
            rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size())));
        const auto member = value->FindMember(key);
        return member == value->MemberEnd() ? nullptr : &member->value;
    }

    std::unique_ptr<Impl> below(const rapidjson::Value& child) const {
        return std::make_unique<Impl>(Impl{document, &child});
    }
};

namespace {

std::string text_of(const rapidjson::Value& string) {
    return {string.GetString(), string.GetStringLength()};
}

bool names_repeat(const rapidjson::Value& object) {
    std::vector<std::string_view> names;
    names.reserve(object.MemberCount());
    for (const auto& member : object.GetObject()) {
        names.emplace_back(member.name.GetString(), member.name.GetStringLength());
    }
    std::ranges::sort(names);
    return std::ranges::adjacent_find(names) != names.end();
}

using RawWriter = rapidjson::Writer<rapidjson::StringBuffer>;

void write_text(RawWriter& writer, const rapidjson::Value& string) {
    auto text = to_utf8(text_of(string));
    std::ranges::replace(text, '\0', ' ');
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

/// False when `value` nests deeper than `depth`.
bool write_storable(RawWriter& writer, const rapidjson::Value& value, int depth) {
    if (depth == 0) return false;
    if (value.IsString()) {
        write_text(writer, value);
    } else if (value.IsArray()) {
        writer.StartArray();
        for (const auto& element : value.GetArray()) {
            if (!write_storable(writer, element, depth - 1)) return false;
        }
        writer.EndArray();
    } else if (value.IsObject()) {
        writer.StartObject();
        for (const auto& member : value.GetObject()) {
            write_text(writer, member.name);
            if (!write_storable(writer, member.value, depth - 1)) return false;
        }
        writer.EndObject();
    } else {
        value.Accept(writer);
    }
    return true;
}

template <class Value>
std::optional<std::int64_t> integer_of(const Value& value) {
    if (value.IsInt64()) return value.GetInt64();
    if (!value.IsDouble()) return std::nullopt;
    // RapidJSON reads 12.0 as 120 / 10. That is exact up to here; beyond, it may give a neighbour
    // of the number in the text.
    constexpr double kExact = 900'719'925'474'099;  // 2^53 / 10
    const double number = value.GetDouble();
    if (std::abs(number) >= kExact || std::trunc(number) != number) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

}  // namespace

std::optional<std::string> Object::jsonb_if(
    const std::function<bool(std::string_view)>& is_in) const {
    constexpr int kMaxDepth = 64;
    rapidjson::StringBuffer buffer;
    RawWriter writer(buffer);
    writer.StartObject();
    for (const auto& member : impl_->value->GetObject()) {
        const std::string_view name(member.name.GetString(), member.name.GetStringLength());
        if (!is_in(name)) continue;
        write_text(writer, member.name);
        if (!write_storable(writer, member.value, kMaxDepth - 1)) return std::nullopt;
    }
    writer.EndObject();
    return std::string(buffer.GetString(), buffer.GetSize());
}

std::optional<std::string> Object::jsonb_without(
    std::initializer_list<std::string_view> members) const {
    return jsonb_if([&](auto name) { return std::ranges::count(members, name) == 0; });
}

std::optional<std::string> Object::jsonb_of(std::initializer_list<std::string_view> members) const {
    return jsonb_if([&](auto name) { return std::ranges::count(members, name) > 0; });
}

Object::Object(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Object::~Object() = default;
Object::Object(Object&&) noexcept = default;
Object& Object::operator=(Object&&) noexcept = default;

std::optional<Object> Object::parse(std::string_view text, Fault* fault) {
    // Iterative: a megabyte of '[' must not use up the stack. Not with full precision, because
    // RapidJSON 1.1.0 then misreads a 0.0 with many decimals.
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag;
    auto document = std::make_shared<rapidjson::Document>();
    // RapidJSON stops at a NUL, so anything could follow it, and it accepts part of a byte order
    // mark. JSON allows neither.
    const bool is_text = text.find('\0') == std::string_view::npos && is_utf8(text);
    document->Parse<kFlags>(text.data(), is_text ? text.size() : 0);
    if (fault != nullptr) {
        *fault = document->HasParseError() ? Fault::NotJson : Fault::NotAnObject;
    }
    if (document->HasParseError() || !document->IsObject()) return std::nullopt;
    const auto* root = document.get();
    return Object(std::make_unique<Impl>(Impl{std::move(document), root}));
}

bool Object::has(std::string_view name) const {
    return impl_->find(name) != nullptr;
}

bool Object::is_null(std::string_view name) const {
    const auto* value = impl_->find(name);
    return value != nullptr && value->IsNull();
}

std::optional<std::string> Object::string(std::string_view name) const {
    const auto* value = impl_->find(name);
    if (value == nullptr || !value->IsString()) return std::nullopt;
    return text_of(*value);
}

std::optional<std::int64_t> Object::integer(std::string_view name) const {
    const auto* value = impl_->find(name);
    return value == nullptr ? std::nullopt : integer_of(*value);
}

std::optional<double> Object::number(std::string_view name) const {
    const auto* value = impl_->find(name);
    if (value == nullptr || !value->IsNumber()) return std::nullopt;
    return value->GetDouble();
}

std::optional<bool> Object::boolean(std::string_view name) const {
    const auto* value = impl_->find(name);
    if (value == nullptr || !value->IsBool()) return std::nullopt;
    return value->GetBool();
}

std::vector<std::string> Object::names() const {
    std::vector<std::string> result;
    for (const auto& member : impl_->value->GetObject()) result.push_back(text_of(member.name));
    return result;
}

std::optional<Object> Object::object(std::string_view name) const {
    const auto* value = impl_->find(name);
    if (value == nullptr || !value->IsObject()) return std::nullopt;
    return Object(impl_->below(*value));
}

std::optional<std::vector<std::string>> Object::strings(std::string_view name) const {
    const auto* value = impl_->find(name);
    if (value == nullptr || !value->IsArray()) return std::nullopt;
    std::vector<std::string> result;
    for (const auto& element : value->GetArray()) {
        if (!element.IsString()) return std::nullopt;
        result.push_back(text_of(element));
    }
    return result;
}

std::optional<std::vector<std::int64_t>> Object::integers(std::string_view name) const {
    const auto* value = impl_->find(name);
    if (value == nullptr || !value->IsArray()) return std::nullopt;
    std::vector<std::int64_t> result;
    for (const auto& element : value->GetArray()) {
        const auto number = integer_of(element);
        if (!number) return std::nullopt;
        result.push_back(*number);
    }
    return result;
}

std::optional<std::vector<Object>> Object::objects(std::string_view name) const {
    const auto* value = impl_->find(name);
    if (value == nullptr || !value->IsArray()) return std::nullopt;
    std::vector<Object> result;
    for (const auto& element : value->GetArray()) {
        if (!element.IsObject()) return std::nullopt;
        result.push_back(Object(impl_->below(element)));
    }
    return result;
}

bool Object::has_duplicates() const {
    // No recursion, for the same reason as in parse().
    std::vector<const rapidjson::Value*> pending{impl_->value};
    while (!pending.empty()) {
        const auto& value = *pending.back();
        pending.pop_back();
        if (value.IsArray()) {
            for (const auto& element : value.GetArray()) pending.push_back(&element);
        } else if (value.IsObject()) {
            if (names_repeat(value)) return true;
            for (const auto& member : value.GetObject()) pending.push_back(&member.value);
        }
    }
    return false;
}

}  // namespace coredepot::json
