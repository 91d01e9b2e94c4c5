#include "json.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "utf8.hpp"

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

std::string Writer::take() {
    return {impl_->buffer.GetString(), impl_->buffer.GetSize()};
}

struct Object::Impl {
    rapidjson::Document document;

    /// Null when absent.
    const rapidjson::Value* find(std::string_view name) const {
        const rapidjson::Value key(
            rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size())));
        const auto member = document.FindMember(key);
        return member == document.MemberEnd() ? nullptr : &member->value;
    }
};

Object::Object(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Object::~Object() = default;
Object::Object(Object&&) noexcept = default;
Object& Object::operator=(Object&&) noexcept = default;

std::optional<Object> Object::parse(std::string_view text, Fault* fault) {
    // Iterative: a megabyte of '[' must not use up the stack.
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag;
    auto impl = std::make_unique<Impl>();
    // RapidJSON takes a NUL for the end, so that anything could follow it, and lets a piece of a
    // byte order mark pass; JSON has neither.
    const bool is_text = text.find('\0') == std::string_view::npos && is_utf8(text);
    impl->document.Parse<kFlags>(text.data(), is_text ? text.size() : 0);
    if (fault != nullptr) {
        *fault = impl->document.HasParseError() ? Fault::NotJson : Fault::NotAnObject;
    }
    if (impl->document.HasParseError() || !impl->document.IsObject()) return std::nullopt;
    return Object(std::move(impl));
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
    return std::string(value->GetString(), value->GetStringLength());
}

std::optional<std::int64_t> Object::integer(std::string_view name) const {
    const auto* value = impl_->find(name);
    if (value == nullptr || !value->IsInt64()) return std::nullopt;
    return value->GetInt64();
}

}  // namespace coredepot::json
