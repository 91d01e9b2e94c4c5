#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coredepot::json {

/// Writes one JSON text, member by member. Bytes that are not UTF-8 become U+FFFD: some text comes
/// from devices, and the answer must still be JSON.
class Writer {
  public:
    Writer();
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    Writer& begin_object();
    Writer& end_object();
    Writer& begin_array();
    Writer& end_array();
    Writer& key(std::string_view name);

    Writer& value(std::string_view text);
    Writer& value(const std::string& text) { return value(std::string_view(text)); }
    Writer& value(const char* text) { return value(std::string_view(text)); }
    Writer& value(bool truth);
    Writer& value(std::int64_t number);
    Writer& value(std::integral auto number) { return value(static_cast<std::int64_t>(number)); }
    Writer& value(std::nullopt_t nothing);
    /// Writes `json` unchanged. The caller guarantees that it is valid JSON.
    Writer& raw_value(std::string_view json);
    template <class T>
    Writer& value(const std::optional<T>& maybe) {
        return maybe ? value(*maybe) : value(std::nullopt);
    }

    template <class T>
    Writer& member(std::string_view name, const T& content) {
        return key(name).value(content);
    }

    /// The text. The writer cannot be used afterwards.
    std::string take();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A parsed JSON object. Members are read by name, and unknown ones are ignored.
class Object {
  public:
    enum class Fault { NotJson, NotAnObject };

    /// Empty when `text` is not a JSON object in UTF-8; then `fault`, if given, says why.
    static std::optional<Object> parse(std::string_view text, Fault* fault = nullptr);

    ~Object();
    Object(Object&& other) noexcept;
    Object& operator=(Object&& other) noexcept;

    /// Whether the member is there. `null` counts.
    bool has(std::string_view name) const;
    bool is_null(std::string_view name) const;
    /// Empty when absent or not a string. The result is not UTF-8 when an escape named the second
    /// half of a surrogate pair alone (RapidJSON refuses only the first half alone). The caller
    /// decides whether to refuse or to mend it.
    std::optional<std::string> string(std::string_view name) const;
    /// Empty when absent or not an integer of 64 bits. As in JSON Schema, `17.0` and `1.7e1` are
    /// integers, too, if they are below 2^53, up to which a double is exact.
    std::optional<std::int64_t> integer(std::string_view name) const;
    /// Empty when absent or not a number; `17`, `17.5` and `1.7e9` are.
    std::optional<double> number(std::string_view name) const;
    /// Empty when absent or neither true nor false.
    std::optional<bool> boolean(std::string_view name) const;
    /// The members' names, in the order of the text.
    std::vector<std::string> names() const;
    /// Empty when absent or not an object.
    std::optional<Object> object(std::string_view name) const;
    /// Empty when absent, not an array, or when an element is not a string.
    std::optional<std::vector<std::string>> strings(std::string_view name) const;
    /// Empty when absent, not an array, or when integer() would not accept an element.
    std::optional<std::vector<std::int64_t>> integers(std::string_view name) const;
    /// Empty when absent, not an array, or when an element is not an object.
    std::optional<std::vector<Object>> objects(std::string_view name) const;

    /// Whether this object, or one inside it, has two members of the same name. Different readers
    /// of such a text may pick different ones.
    bool has_duplicates() const;

    /// This object as text, without `members` and fit for PostgreSQL's jsonb: NULs in texts become
    /// spaces, and bad UTF-8 is mended. Empty when it nests deeper than 64 levels.
    std::optional<std::string> jsonb_without(std::initializer_list<std::string_view> members) const;
    /// The same with only `members`.
    std::optional<std::string> jsonb_of(std::initializer_list<std::string_view> members) const;

  private:
    std::optional<std::string> jsonb_if(const std::function<bool(std::string_view)>& is_in) const;

    struct Impl;
    explicit Object(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace coredepot::json
